using System.Text;
using System.Text.RegularExpressions;

namespace RnnService.Models.Text;

/// <summary>
/// Words, numbers and punctuation marks as tokens. Text above U+FFFF, Han and kana are split into characters.
/// Typographic apostrophes and quotation marks are read as straight ones; a text is not normalised otherwise.
/// </summary>
public sealed class WordTokenizer : ITokenizer
{
    static readonly IReadOnlyDictionary<string, string> _noForms = new Dictionary<string, string>();
    readonly Regex _pattern;
    readonly string[] _displays;

    /// <param name="vocabulary">the tokens, in lower case where <paramref name="lowercase"/> is set</param>
    /// <param name="lowercase">whether case is folded</param>
    /// <param name="pretokenized">whether texts are split on blanks only and written with a blank between any two tokens</param>
    /// <param name="surfaceForms">the forms of tokens that are shown otherwise than the vocabulary has them: <c>boston</c> as <c>Boston</c></param>
    public WordTokenizer(
        Vocabulary vocabulary, bool lowercase, bool pretokenized = false, IReadOnlyDictionary<string, string>? surfaceForms = null)
    {
        Vocabulary = vocabulary;
        Lowercase = lowercase;
        Pretokenized = pretokenized;
        SurfaceForms = surfaceForms ?? _noForms;
        _pattern = pretokenized ? WordPattern.BetweenBlanks : WordPattern.Words;
        _displays = new string[vocabulary.Count];
        for (int id = 0; id < _displays.Length; id++)
            _displays[id] = SurfaceForms.GetValueOrDefault(vocabulary[id], vocabulary[id]);
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <summary>Whether case is folded.</summary>
    public bool Lowercase { get; }

    /// <summary>Whether texts are split on blanks only.</summary>
    public bool Pretokenized { get; }

    /// <summary>The shown form of each token that is shown otherwise than the vocabulary has it.</summary>
    public IReadOnlyDictionary<string, string> SurfaceForms { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Token> Tokenize(string text)
    {
        var tokens = new List<Token>();
        foreach (var match in _pattern.EnumerateMatches(text))
        {
            string token = TextFolding.Fold(text.AsSpan(match.Index, match.Length), Lowercase);
            tokens.Add(new Token(token, Vocabulary.IdOf(token), match.Index, match.Length));
        }
        return tokens;
    }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        var ids = new List<int>();
        Span<char> buffer = stackalloc char[128];
        foreach (var match in _pattern.EnumerateMatches(text))
        {
            var folded = match.Length <= buffer.Length ? buffer[..match.Length] : new char[match.Length];
            TextFolding.Fold(text.AsSpan(match.Index, match.Length), Lowercase, folded);
            ids.Add(Vocabulary.IdOf(folded));
        }
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Display(int tokenId) => _displays[tokenId];

    /// <inheritdoc/>
    public string DecodeNext(ReadOnlySpan<int> previousIds, int tokenId)
    {
        if (Vocabulary.IsSpecial(tokenId))
            return "";
        string shown = _displays[tokenId];
        // An unknown word is still a word; before all other special tokens nothing stands.
        if (previousIds is not [.., int previous] || previous != Vocabulary.UnknownId && Vocabulary.IsSpecial(previous))
            return Capitalized(shown);
        string before = Vocabulary[previous];
        if (Pretokenized)
            return " " + shown;
        if (WordSpacing.EndsSentence(before))
            shown = Capitalized(shown);
        return WordSpacing.HasBlank(before, Vocabulary[tokenId]) ? " " + shown : shown;
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokenIds)
    {
        var text = new StringBuilder();
        for (int i = 0; i < tokenIds.Length; i++)
            text.Append(DecodeNext(tokenIds[..i], tokenIds[i]));
        return text.ToString();
    }

    // Where case was folded the model cannot say how a sentence starts; the writing rule can.
    string Capitalized(string shown) => Lowercase && !Pretokenized && char.IsLower(shown[0])
        ? string.Concat(char.ToUpperInvariant(shown[0]).ToString(), shown.AsSpan(1))
        : shown;
}
