using RnnService.Models.Text;

namespace RnnService.Models.Packages;

/// <summary>The <c>tokenizer</c> section of a <c>model.json</c>.</summary>
public sealed record TokenizerManifest
{
    /// <summary>What a token is.</summary>
    public TokenizerKind Type { get; init; }

    /// <summary>Whether case is folded.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether texts are split on blanks only.</summary>
    public bool Pretokenized { get; init; }

    /// <summary>Forms of tokens that are shown otherwise than the vocabulary has them: <c>boston</c> as <c>Boston</c>.</summary>
    public IReadOnlyDictionary<string, string>? SurfaceForms { get; init; }

    /// <summary>The section that describes a tokenizer.</summary>
    public static TokenizerManifest Of(ITokenizer tokenizer) => tokenizer switch
    {
        WordTokenizer word => new()
        {
            Type = TokenizerKind.Word,
            Lowercase = word.Lowercase,
            Pretokenized = word.Pretokenized,
            SurfaceForms = word.SurfaceForms.Count > 0 ? word.SurfaceForms : null,
        },
        CharTokenizer character => new() { Type = TokenizerKind.Char, Lowercase = character.Lowercase },
        BytePairTokenizer => new() { Type = TokenizerKind.Bpe },
        _ => throw new NotSupportedException($"tokenizer: found {tokenizer.GetType().Name}, expected a word, character or byte-pair tokenizer."),
    };
}
