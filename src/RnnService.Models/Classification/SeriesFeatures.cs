namespace RnnService.Models.Classification;

/// <summary>The F numbers of a step of a series and how they are brought to one scale: (number - mean) / deviation.</summary>
public sealed record SeriesFeatures
{
    /// <summary>Their names, in the order steps have them.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The most steps that are read; of a longer series the last.</summary>
    public required int Window { get; init; }

    /// <summary>[F] means over the training data.</summary>
    public required IReadOnlyList<double> Means { get; init; }

    /// <summary>[F] standard deviations there; 1 for a number that never changes.</summary>
    public required IReadOnlyList<double> Deviations { get; init; }

    /// <summary>Learns means and deviations.</summary>
    /// <param name="names">[F]</param>
    /// <param name="window">the most steps that are read</param>
    /// <param name="steps">[N,F] the steps of the training data, one or more</param>
    public static SeriesFeatures Learn(IReadOnlyList<string> names, int window, ReadOnlySpan<float> steps)
    {
        int count = steps.Length / names.Count;
        double[] means = new double[names.Count], deviations = new double[names.Count];
        for (int i = 0; i < steps.Length; i++)
            means[i % names.Count] += steps[i] / (double)count;
        for (int i = 0; i < steps.Length; i++)
            deviations[i % names.Count] += (steps[i] - means[i % names.Count]) * (steps[i] - means[i % names.Count]) / count;
        for (int feature = 0; feature < names.Count; feature++)
            deviations[feature] = deviations[feature] > 0 ? Math.Sqrt(deviations[feature]) : 1;
        return new SeriesFeatures { Names = names, Window = window, Means = means, Deviations = deviations };
    }

    /// <summary>The sequence of a series: its last steps, brought to one scale.</summary>
    /// <param name="steps">[T,F], oldest first</param>
    public ClassifierSequence Read(ReadOnlySpan<float> steps)
    {
        int featureCount = Names.Count;
        if (steps.IsEmpty || steps.Length % featureCount != 0)
            throw new ArgumentException($"{nameof(steps)}: expected one step or more of {featureCount} numbers, found {steps.Length} numbers.");
        var last = steps[^Math.Min(steps.Length, Window * featureCount)..];
        float[] numbers = new float[last.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (float)((last[i] - Means[i % featureCount]) / Deviations[i % featureCount]);
        return new ClassifierSequence(numbers.Length / featureCount) { Numbers = numbers };
    }
}
