using RnnService.Engine.Layers;

namespace RnnService.Models.Classification;

/// <summary>What a classifier has beside its recurrent network: fields of a recipe's <c>model</c> section and the <c>classifier</c> of a <c>model.json</c>.</summary>
public sealed record ClassifierSettings
{
    /// <summary>How the outputs of a sequence become one vector; null for a label at each step.</summary>
    public PoolingKind? Pooling { get; init; }

    /// <summary>The most tokens of a text that are read: of a longer one its begin and its end.</summary>
    public int MaxLength { get; init; } = 400;

    /// <summary>What of a word's characters is read beside the word; null for nothing.</summary>
    public CharacterSettings? Characters { get; init; }

    /// <summary>The numbers a series is made of; null for text.</summary>
    public SeriesFeatures? Series { get; init; }
}

/// <summary>The bidirectional network that reads a word character by character (Ling et al. 2015).</summary>
public sealed record CharacterSettings
{
    /// <summary>Units of a character's embedding vector.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>Units of each direction.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The characters it knows, in the order of their ids from 1 on; 0 is any other.</summary>
    public required string Alphabet { get; init; }
}
