using System.Diagnostics;
using System.Globalization;
using RnnService.Engine.Layers;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;

namespace RnnService.Training.Experiments;

/// <summary>One cell learns the adding problem at one length: Adam, every batch fresh, until solved, diverged or out of steps.</summary>
/// <param name="cell">who learns</param>
/// <param name="length">T</param>
/// <param name="clipNorm">largest global norm of the gradients, 0 for no clipping</param>
/// <param name="settings">common to all runs</param>
public sealed class AddingProblemRun(AddingProblemCell cell, int length, double clipNorm, AddingProblemSettings settings)
{
    const ulong TrainingStream = 1, MeasurementStream = 2;

    readonly SequenceRegression _network = new(cell.Options(settings.HiddenSize), AddingProblem.InputSize, length, settings.BatchSize);
    readonly Tensor _x = new(length, settings.BatchSize, AddingProblem.InputSize);
    readonly Tensor _targets = new(settings.BatchSize);

    /// <summary>Runs from new weights to the end.</summary>
    /// <param name="progress">told each measurement</param>
    /// <param name="stop">gives up</param>
    /// <exception cref="OperationCanceledException">stopped</exception>
    public AddingProblemResult Execute(IProgress<AddingProblemMeasurement> progress, CancellationToken stop)
    {
        _network.Initialize(new WeightInitializer(settings.Seed, range: null) { Recurrent = cell.Initialization, ForgetBias = cell.ForgetBias });
        var optimizer = new Adam(_network.Parameters);
        var training = new AddingProblem(length, SplitMix64.Derive(settings.Seed, TrainingStream, length));
        var watch = Stopwatch.StartNew();
        List<AddingProblemMeasurement> curve = [Measure(0)];
        progress.Report(curve[^1]);
        for (int step = 1; step <= settings.StepLimit; step++)
        {
            stop.ThrowIfCancellationRequested();
            if (!Step(training, optimizer))
                return Result(step, curve, watch.Elapsed, diverged: true);
            if (step % settings.StepsBetweenMeasurements != 0 && step != settings.StepLimit)
                continue;
            curve.Add(Measure(step));
            progress.Report(curve[^1]);
            if (curve[^1].Error < AddingProblemSettings.SolvedError)
                break;
        }
        return Result(curve[^1].Step, curve, watch.Elapsed, diverged: false);
    }

    /// <summary>For example <c>lstm T=100 clip 1</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{cell.Name} T={length} {(clipNorm > 0 ? string.Create(CultureInfo.InvariantCulture, $"clip {clipNorm}") : "no clip")}");

    bool Step(AddingProblem training, Adam optimizer)
    {
        training.Draw(_x.Span, _targets.Span);
        _network.Parameters.ZeroGradients();
        double error = _network.Train(_x.Span, _targets.Span);
        double norm = GradientClipping.ClipGlobalNorm(_network.Parameters, clipNorm);
        if (!double.IsFinite(error) || !double.IsFinite(norm))
            return false;
        optimizer.Step(_network.Parameters, cell.LearningRate);
        return true;
    }

    AddingProblemMeasurement Measure(int step)
    {
        var fresh = new AddingProblem(length, SplitMix64.Derive(settings.Seed, MeasurementStream, step));
        int batches = (settings.MeasuredSequences + settings.BatchSize - 1) / settings.BatchSize;
        double sum = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            fresh.Draw(_x.Span, _targets.Span);
            sum += _network.Evaluate(_x.Span, _targets.Span);
        }
        return new AddingProblemMeasurement(step, sum / batches);
    }

    AddingProblemResult Result(int steps, IReadOnlyList<AddingProblemMeasurement> curve, TimeSpan time, bool diverged) =>
        new(cell.Name, length, clipNorm, steps, diverged, curve, time);
}

/// <summary>How good a network is after some steps.</summary>
/// <param name="Step">steps of training</param>
/// <param name="Error">mean squared error on sequences it never saw</param>
public readonly record struct AddingProblemMeasurement(int Step, double Error);

/// <summary>How a run ended.</summary>
/// <param name="Cell">name of the cell</param>
/// <param name="Length">T</param>
/// <param name="ClipNorm">0 without clipping</param>
/// <param name="Steps">steps until it was solved, diverged or given up</param>
/// <param name="Diverged">whether loss or gradients were no longer numbers</param>
/// <param name="Curve">all measurements, the first before training</param>
/// <param name="Time">of the run</param>
public sealed record AddingProblemResult(
    string Cell, int Length, double ClipNorm, int Steps, bool Diverged, IReadOnlyList<AddingProblemMeasurement> Curve, TimeSpan Time)
{
    /// <summary>The last mean squared error.</summary>
    public double Error => Curve[^1].Error;

    /// <summary>Whether the last measurement is below <see cref="AddingProblemSettings.SolvedError"/>.</summary>
    public bool IsSolved => !Diverged && Error < AddingProblemSettings.SolvedError;
}
