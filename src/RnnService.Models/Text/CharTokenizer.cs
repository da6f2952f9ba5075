using System.Text;

namespace RnnService.Models.Text;

/// <summary>Unicode characters (scalar values) as tokens; blanks and line ends are tokens like any other.</summary>
/// <param name="vocabulary">the characters, in lower case where <paramref name="lowercase"/> is set</param>
/// <param name="lowercase">whether case is folded</param>
public sealed class CharTokenizer(Vocabulary vocabulary, bool lowercase) : ITokenizer
{
    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Whether case is folded.</summary>
    public bool Lowercase { get; } = lowercase;

    /// <inheritdoc/>
    public IReadOnlyList<Token> Tokenize(string text)
    {
        var tokens = new List<Token>(text.Length);
        int start = 0;
        foreach (var character in text.EnumerateRunes())
        {
            string token = Fold(character, Lowercase).ToString();
            // A lone surrogate, one unit, is enumerated as U+FFFD, one unit too.
            int length = character.Utf16SequenceLength;
            tokens.Add(new Token(token, Vocabulary.IdOf(token), start, length));
            start += length;
        }
        return tokens;
    }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var character in text.EnumerateRunes())
            ids.Add(Vocabulary.IdOf(units[..Fold(character, Lowercase).EncodeToUtf16(units)]));
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Display(int tokenId) => Vocabulary[tokenId];

    /// <inheritdoc/>
    public string DecodeNext(ReadOnlySpan<int> previousIds, int tokenId) => Vocabulary.IsSpecial(tokenId) ? "" : Vocabulary[tokenId];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokenIds)
    {
        var text = new StringBuilder(tokenIds.Length);
        foreach (int id in tokenIds)
            text.Append(DecodeNext([], id));
        return text.ToString();
    }

    internal static Rune Fold(Rune character, bool lowercase) => lowercase ? Rune.ToLowerInvariant(character) : character;
}
