using RnnService.Training.Data;
using RnnService.Training.Metrics;

namespace RnnService.Training.Baselines;

/// <summary>The baselines of series classification.</summary>
public static class SeriesBaselines
{
    /// <summary>The most frequent class and, where the data say what class a step itself has, that nothing changes.</summary>
    /// <param name="labels">the classes</param>
    /// <param name="training">what the baselines learn from</param>
    /// <param name="validation">what they are measured on</param>
    /// <exception cref="CorpusException">a class is none of these</exception>
    public static IReadOnlyList<Baseline> Measure(
        LabelSet labels, IReadOnlyList<SeriesExample> training, IReadOnlyList<SeriesExample> validation)
    {
        int[] truth = labels.IndicesOf(validation.Select(example => example.Label));
        var majority = TextBaselines.Majority(labels, labels.IndicesOf(training.Select(example => example.Label)), truth);
        if (validation.Any(example => example.Current is null))
            return [majority];
        int[] current = labels.IndicesOf(validation.Select(example => example.Label with { Name = example.Current! }));
        return [majority, new("unchanged", "the class of the last step", ConfusionMatrix.Of(labels.Names, truth, current))];
    }
}
