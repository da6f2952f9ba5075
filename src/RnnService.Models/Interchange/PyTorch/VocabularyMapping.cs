using RnnService.Models.Checkpoints;
using RnnService.Models.Text;

namespace RnnService.Models.Interchange.PyTorch;

/// <summary>What a list of tokens does not tell about itself: the <c>tokenizer</c> section of a mapping file.</summary>
public sealed record VocabularyMapping
{
    static readonly string[] _specialFields = ["padding", "unknown", "beginOfSequence", "endOfSequence"];

    /// <summary>What a token is: <see cref="TokenizerKind.Word"/> or <see cref="TokenizerKind.Char"/>.</summary>
    public TokenizerKind Type { get; init; } = TokenizerKind.Word;

    /// <summary>Whether case is folded.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether texts are split on blanks only.</summary>
    public bool Pretokenized { get; init; }

    /// <summary>How the list writes padding, the unknown token, and begin and end of a sequence, in this order; it need not have them.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = Vocabulary.SpecialTokens;

    internal static VocabularyMapping Read(JsonField section)
    {
        section.RejectOtherThan(["type", "lowercase", "pretokenized", .. _specialFields]);
        var mapping = new VocabularyMapping
        {
            Type = PyTorchMapping.Choice(section.Optional("type"), ("word", TokenizerKind.Word), ("char", TokenizerKind.Char)),
            Lowercase = PyTorchMapping.Flag(section.Optional("lowercase")),
            Pretokenized = PyTorchMapping.Flag(section.Optional("pretokenized")),
            SpecialTokens = [.. _specialFields.Select((field, id) => section.Optional(field).AsStringOrNull() ?? Vocabulary.SpecialTokens[id])],
        };
        return mapping is { Type: TokenizerKind.Char, Pretokenized: true }
            ? throw section.Optional("pretokenized").Unexpected("it with type 'word' only")
            : mapping;
    }
}
