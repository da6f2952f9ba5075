namespace RnnService.Training.Experiments;

/// <summary>What all runs of the adding problem have in common.</summary>
public sealed record AddingProblemSettings
{
    /// <summary>A mean squared error below this solves the problem; answering 1 always has 1/6.</summary>
    public const double SolvedError = 0.01;

    /// <summary>H.</summary>
    public int HiddenSize { get; init; } = 64;

    /// <summary>B.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>A run that has not solved the problem after so many steps has failed.</summary>
    public int StepLimit { get; init; } = 5000;

    /// <summary>Steps between two measurements.</summary>
    public int StepsBetweenMeasurements { get; init; } = 100;

    /// <summary>Fresh sequences in a measurement, rounded up to whole batches.</summary>
    public int MeasuredSequences { get; init; } = 512;

    /// <summary>The same seed gives the same weights and sequences, and so the same results.</summary>
    public int Seed { get; init; } = 1;
}
