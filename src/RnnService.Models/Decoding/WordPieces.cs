using System.Buffers;
using System.Globalization;
using System.Text;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>What the tokens of a vocabulary of characters or pieces of words do to a word. Immutable.</summary>
sealed class WordPieces
{
    readonly ITokenizer _tokenizer;
    readonly string[] _texts;   // [V]: what a token is after a blank or nothing

    public WordPieces(ITokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _texts = [.. Enumerable.Range(0, tokenizer.Vocabulary.Count).Select(id => tokenizer.DecodeNext([], id))];
        int[] all = [.. Enumerable.Range(0, Count).Where(id => !Vocabulary.IsSpecial(id))];
        Openings = [.. all.Where(id => _texts[id].Length == 0 || _texts[id] == " " || BeginsWord(_texts[id].TrimStart(' ')))];
        Continuations = [.. all.Where(id => GoesOn(_texts[id]))];
        Unspaced = [.. all.Where(id => _texts[id].Length > 0 && IsUnspaced(_texts[id][0]))];
        Bytes = [.. all.Where(id => _texts[id].StartsWith('\uFFFD'))];
        All = all;
    }

    /// <summary>V.</summary>
    public int Count => _texts.Length;

    /// <summary>All tokens but the special ones.</summary>
    public IReadOnlyList<int> All { get; }

    /// <summary>Tokens that a word may begin with: with a letter or digit, with the blank before it or without; a blank; a part of a character.</summary>
    public IReadOnlyList<int> Openings { get; }

    /// <summary>Tokens that go on with a word of a script with blanks.</summary>
    public int[] Continuations { get; }

    /// <summary>Tokens that begin with a letter of a script without blanks.</summary>
    public int[] Unspaced { get; }

    /// <summary>Tokens that go on with a character which is split into bytes.</summary>
    public IReadOnlyList<int> Bytes { get; }

    /// <summary>What a token adds to the text of the tokens before it; nothing while a character is incomplete.</summary>
    public string TextOf(ReadOnlySpan<int> before, int tokenId) =>
        before.IsEmpty ? _texts[tokenId] : _tokenizer.DecodeNext(before, tokenId);

    /// <summary>Whether tokens that end within a character may still become a text that begins with <paramref name="prefix"/>.</summary>
    /// <param name="tokenIds">the tokens</param>
    /// <param name="prefix">what their text begins with, blanks before it included</param>
    public bool MayBegin(ReadOnlySpan<int> tokenIds, string prefix)
    {
        var rest = Encoding.UTF8.GetBytes(prefix).AsSpan();
        foreach (int tokenId in tokenIds)
        {
            var bytes = ByteAlphabet.BytesOf(_tokenizer.Vocabulary[tokenId]).AsSpan();
            if (rest.Length <= bytes.Length)
                return bytes.StartsWith(rest);
            if (!rest.StartsWith(bytes))
                return false;
            rest = rest[bytes.Length..];
        }
        return true;
    }

    /// <summary>Whether a token would go on with the last word of <paramref name="text"/>, so that it begins no word.</summary>
    public bool GoesOn(string text, int tokenId) =>
        text.Length > 0 && IsSpaced(text[^1]) && GoesOn(_texts[tokenId]);

    /// <summary>Whether a text begins with a letter or digit.</summary>
    public static bool BeginsWord(string text) =>
        Rune.DecodeFromUtf16(text, out var first, out _) == OperationStatus.Done && Rune.IsLetterOrDigit(first);

    /// <summary>Whether the word that ends with this character has more to it until a blank or mark follows.</summary>
    public static bool EndsOpen(char character) => IsSpaced(character) || IsApostrophe(character);

    /// <summary>Whether a character belongs to a word and to a script without blanks.</summary>
    public static bool IsUnspaced(char character) => char.IsLetter(character) && WordPattern.IsUnspaced(character);

    static bool IsApostrophe(char character) => character is '\'' or '’';

    // An apostrophe before anything but a letter is a quotation mark.
    static bool GoesOn(string token) =>
        token.Length > 0 && (IsSpaced(token[0]) || (IsApostrophe(token[0]) && (token.Length == 1 || IsSpaced(token[1]))));

    static bool IsSpaced(char character) => !WordPattern.IsUnspaced(character) && char.GetUnicodeCategory(character)
        is <= UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
