using RnnService.Engine.Layers;
using RnnService.Models.Classification;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.Classification;

/// <summary>Classifiers of 3 classes and 9 tokens, and sequences of several lengths for them.</summary>
static class SmallClassifier
{
    internal const int VocabularySize = 9, LabelCount = 3, MostSteps = 7;

    static readonly string[] s_words = ["cat", "dogs", "a", "reading", "dogs", "x"];

    internal static ClassifierModel Create(PoolingKind? pooling, bool bidirectional = true, bool characters = false, double dropout = 0, bool series = false)
    {
        var settings = new ModelSettings
        {
            Layers = 1,
            HiddenSize = 4,
            EmbeddingSize = 3,
            Bidirectional = bidirectional,
            Dropout = dropout,
            DropoutKind = DropoutKind.Locked,
            EmbeddingDropout = dropout,
            InitRange = 1,
        };
        var classifier = new ClassifierSettings
        {
            Pooling = pooling,
            MaxLength = 5,
            Characters = characters ? new CharacterSettings { EmbeddingSize = 3, HiddenSize = 3, Alphabet = "adegnosx" } : null,
            Series = series ? new SeriesFeatures { Names = ["a", "b", "c"], Window = 5, Means = [0, 1, 2], Deviations = [1, 2, 4] } : null,
        };
        var model = new ClassifierModel(settings, classifier, VocabularySize, LabelCount);
        model.Initialize(seed: 4);
        return model;
    }

    /// <summary>Sequences of 6, 2, 7 and 4 steps.</summary>
    internal static ClassifierSequence[] Sequences(ClassifierModel model) => [.. new[] { 4, 0, 5, 2 }.Select((words, row) =>
        model.Classifier.Series is { } series
            ? series.Read([.. Enumerable.Range(0, 3 * (words + 1)).Select(i => (float)Math.Sin(i + row))])
            : TextFrame.FrameAll(s_words[..words], [.. Enumerable.Range(0, words).Select(i => 4 + (i * 3 + row) % 5)]))];

    internal static ClassifierExample[] Examples(ClassifierModel model) => [.. Sequences(model).Select((sequence, row) => new ClassifierExample(
        sequence, [.. Enumerable.Range(0, model.Classifier.Pooling is null ? sequence.Length - TextFrame.Steps : 1).Select(i => (i + row) % LabelCount)]))];
}
