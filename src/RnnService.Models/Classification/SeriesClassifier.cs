using RnnService.Models.Checkpoints;

namespace RnnService.Models.Classification;

/// <summary>Says which class a series of numbers is of. Safe to share between threads.</summary>
public sealed class SeriesClassifier
{
    readonly WorkspacePool<ClassifierPass> _passes;

    /// <param name="package">of the task <see cref="ModelTask.SeriesClassifier"/></param>
    /// <exception cref="ArgumentException">of another task</exception>
    public SeriesClassifier(ClassifierPackage package)
    {
        Features = package.Model.Classifier.Series
            ?? throw new ArgumentException($"task: found '{package.Manifest.Task}', expected '{ModelTask.SeriesClassifier}'.", nameof(package));
        Labels = package.Labels;
        _passes = new(steps => new ClassifierPass(package.Model, steps, batchSize: 1));
    }

    /// <summary>The numbers of a step.</summary>
    public SeriesFeatures Features { get; }

    /// <summary>The classes, in the order of the outputs.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The class of a series; of a long one the last steps are read.</summary>
    /// <param name="steps">[T,F] raw numbers, oldest first</param>
    /// <exception cref="ArgumentException">no whole steps</exception>
    public LabelScores Classify(ReadOnlySpan<float> steps)
    {
        var sequence = Features.Read(steps);
        return _passes.Use(Features.Window, pass =>
        {
            pass.Forward([sequence]);
            return LabelScores.Of(Labels, pass.Logits(0));
        });
    }
}
