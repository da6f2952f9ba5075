using System.Text.Json.Serialization;
using RnnService.Engine.Layers;

namespace RnnService.Models.LanguageModels;

/// <summary>The <c>model</c> section of a recipe and the <c>architecture</c> of a <c>model.json</c>.</summary>
public sealed record ModelSettings
{
    /// <summary>The recurrent cell.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <inheritdoc cref="RecurrentOptions.Activation"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CellActivation Activation { get; init; }

    /// <inheritdoc cref="RecurrentOptions.Recurrence"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Recurrence Recurrence { get; init; }

    /// <inheritdoc cref="RecurrentOptions.GruForm"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public GruForm GruForm { get; init; }

    /// <inheritdoc cref="RecurrentOptions.Leak"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Leak { get; init; }

    /// <inheritdoc cref="RecurrentOptions.TimeSkip"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int TimeSkip { get; init; }

    /// <summary>Stacked recurrent layers, 1 or more.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>H, units of each recurrent layer.</summary>
    public int HiddenSize { get; init; } = 512;

    /// <summary>Units of an embedding vector.</summary>
    public int EmbeddingSize { get; init; } = 256;

    /// <summary>Whether a second stack reads the sequence backwards; a language model cannot. Of an encoder-decoder it is the encoder that does.</summary>
    public bool Bidirectional { get; init; }

    /// <inheritdoc cref="RecurrentOptions.Residual"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Residual { get; init; }

    /// <summary>Probability of dropping a unit between layers while training, 0 (inclusive) to 1 (exclusive).</summary>
    public double Dropout { get; init; }

    /// <summary>Whether a unit is dropped at each step anew or for the whole window.</summary>
    public DropoutKind DropoutKind { get; init; }

    /// <summary>Probability of dropping all occurrences of a token of the vocabulary while training, 0 (inclusive) to 1 (exclusive).</summary>
    public double EmbeddingDropout { get; init; }

    /// <summary>Initial weights are drawn from ±this; null for ±1/√H in recurrent layers and ±0.1 in embedding and output.</summary>
    public double? InitRange { get; init; }

    /// <summary>How the matrices of the recurrence start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RecurrentInitialization Initialization { get; init; }

    /// <summary>Initial bias of an LSTM's forget gate; null for 1, or what <see cref="InitRange"/> gives where it is set.</summary>
    public double? ForgetBias { get; init; }

    /// <summary>
    /// Whether the output layer shares the embedding matrix (Press and Wolf 2017). Where H differs from the embedding size, a linear
    /// projection H → embedding size stands before it.
    /// </summary>
    public bool TieEmbeddings { get; init; }

    /// <summary>The recurrent part.</summary>
    internal RecurrentOptions Recurrent() => new()
    {
        Cell = Cell,
        Activation = Activation,
        Recurrence = Recurrence,
        GruForm = GruForm,
        Leak = Leak,
        TimeSkip = TimeSkip,
        Layers = Layers,
        HiddenSize = HiddenSize,
        Bidirectional = Bidirectional,
        Residual = Residual,
    };
}
