namespace RnnService.Models.Seq2Seq;

/// <summary>
/// What an encoder-decoder has beside the <see cref="LanguageModels.ModelSettings"/> of its decoder: fields of a recipe's <c>model</c> section and the
/// <c>seq2seq</c> of a <c>model.json</c>. The encoder has the decoder's cell and embedding size; <c>bidirectional</c> of the shared settings is about the encoder.
/// </summary>
public sealed record Seq2SeqSettings
{
    /// <summary>What a decoder's step knows of the source.</summary>
    public ContextKind Context { get; init; } = ContextKind.Additive;

    /// <summary>A, units of the scores' hidden layer; only additive attention has one.</summary>
    public int AttentionSize { get; init; } = 256;

    /// <summary>Units of each layer of the encoder, in each direction.</summary>
    public int EncoderHiddenSize { get; init; } = 256;

    /// <summary>Stacked layers of the encoder, 1 or more.</summary>
    public int EncoderLayers { get; init; } = 1;

    /// <summary>The most tokens of a source that are read and of a target that are written, the end not counted.</summary>
    public int MaxLength { get; init; } = 80;

    /// <summary>Whether source and target tokens have one embedding matrix.</summary>
    public bool ShareEmbeddings { get; init; }

    /// <summary>
    /// Whether the model has learnt from whole sentences, with a capital at the beginning and a mark at the end: then a text to translate that
    /// comes without is read with them, as <see cref="SentenceForm"/> says.
    /// </summary>
    public bool WholeSentences { get; init; }
}
