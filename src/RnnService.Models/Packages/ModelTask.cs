namespace RnnService.Models.Packages;

/// <summary>What models are for, as recipes and <c>model.json</c> name it.</summary>
public static class ModelTask
{
    /// <summary>Predicts the next token of a text.</summary>
    public const string LanguageModel = "language-model";

    /// <summary>One label for a text.</summary>
    public const string SequenceClassifier = "sequence-classifier";

    /// <summary>A label for each word of a text.</summary>
    public const string Tagger = "tagger";

    /// <summary>One label for a series of numbers.</summary>
    public const string SeriesClassifier = "series-classifier";

    /// <summary>One text from another.</summary>
    public const string Seq2Seq = "seq2seq";
}
