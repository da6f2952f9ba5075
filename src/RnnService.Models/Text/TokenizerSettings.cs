namespace RnnService.Models.Text;

/// <summary>The <c>tokenizer</c> section of a recipe.</summary>
public sealed record TokenizerSettings
{
    /// <summary>What a token is.</summary>
    public TokenizerKind Type { get; init; } = TokenizerKind.Word;

    /// <summary>V at most, the four special tokens included; at least 260 with byte-pair encoding, which needs all bytes.</summary>
    public int VocabularySize { get; init; } = 20000;

    /// <summary>Whether case is folded: <c>Boston</c> and <c>boston</c> are one token, shown in its most frequent form.</summary>
    public bool Lowercase { get; init; }

    /// <summary>How often a token (with byte-pair encoding: the two it is merged from, side by side) must occur to enter the vocabulary.</summary>
    public int MinCount { get; init; } = 1;

    /// <summary>
    /// Whether the words of the text are already separated by blanks (as in the Penn Treebank files, where <c>&lt;unk&gt;</c> stands for
    /// the unknown token): it is then split on blanks only. Word tokenizers only.
    /// </summary>
    public bool Pretokenized { get; init; }
}
