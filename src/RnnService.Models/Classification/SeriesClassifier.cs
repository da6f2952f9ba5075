namespace RnnService.Models.Classification;

/// <summary>Says which class a series of numbers is of. Safe to share between threads.</summary>
public sealed class SeriesClassifier
{
    readonly WorkspacePool<ClassifierPass> _passes;

    /// <param name="model">reads series and has one output for each of them</param>
    /// <param name="labels">[K] the classes, in the order of the outputs</param>
    /// <exception cref="ArgumentException">the model reads text</exception>
    public SeriesClassifier(ClassifierModel model, IReadOnlyList<string> labels)
    {
        Features = model.Classifier.Series ?? throw new ArgumentException("found a model that reads text, expected one that reads numbers.", nameof(model));
        Labels = labels;
        _passes = new(steps => new ClassifierPass(model, steps, batchSize: 1));
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
