using RnnService.Training.Data;

namespace RnnService.Training.Baselines;

/// <summary>The baselines of each task of classification.</summary>
static class ClassifierBaselines
{
    /// <summary>What simple methods that learn from training rows reach on validation rows of the same kind.</summary>
    public static IReadOnlyList<Baseline> Measure(LabelSet labels, ClassifierRows training, ClassifierRows validation) => (training, validation) switch
    {
        (LabelledTextRows texts, LabelledTextRows others) => TextBaselines.Measure(labels, texts.Rows, others.Rows),
        (TaggedRows sentences, TaggedRows others) => [TagBaselines.MostFrequentTag(labels, sentences.Rows, others.Rows)],
        (SeriesRows series, SeriesRows others) => SeriesBaselines.Measure(labels, series.Rows, others.Rows),
        _ => throw new ArgumentException($"{nameof(validation)}: found {validation.GetType().Name}, expected {training.GetType().Name} as in training."),
    };
}
