using System.Collections.Frozen;
using System.Globalization;

namespace RnnService.Models.Text;

/// <summary>
/// Finds the sentences of running text, of scripts with and without blanks. A sentence ends at a line break; after the marks of the Chinese
/// and Japanese scripts; after <c>.</c>, <c>!</c>, <c>?</c> and dots in a row before a blank, unless what follows goes on in lower case or the stop belongs
/// to an abbreviation, an initial or the number of an item. Quotation marks and brackets that close belong to the sentence they end.
/// </summary>
public static class SentenceSplitter
{
    // A name or a number follows these, so their stop never ends a sentence.
    static readonly FrozenSet<string> _abbreviations = new[]
    {
        "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Mt", "Sr", "Gen", "Col", "Capt", "Lt", "Sgt", "Rev", "Hon", "Gov", "Sen", "Rep", "vs", "cf", "approx", "ca", "Fig",
        "Vol", "pp", "Nos", "MM", "Mme", "Mlle", "Mmes", "Hr", "Fr", "bzw", "usw", "Nr", "Str",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentences in their order. Between them, before the first and after the last one there are only blanks and line breaks.</summary>
    public static IReadOnlyList<TextSpan> Split(string text)
    {
        var sentences = new List<TextSpan>();
        int start = 0;
        for (int place = 0; place < text.Length; place++)
        {
            if (!IsEndMark(text[place]) && !IsLineBreak(text[place]))
                continue;
            int end = EndOfMarks(text, place);
            if (IsLineBreak(text[place]) || EndsSentence(text, start, place, end))
            {
                Add(text, start, end, sentences);
                start = end;
            }
            place = Math.Max(place, end - 1);
        }
        Add(text, start, text.Length, sentences);
        return sentences;
    }

    static void Add(string text, int start, int end, List<TextSpan> sentences)
    {
        if (TextSpan.Trimmed(text, start, end) is { Length: > 0 } sentence)
            sentences.Add(sentence);
    }

    /// <summary>Where the marks that begin at <paramref name="place"/>, and what closes after them, are over.</summary>
    static int EndOfMarks(string text, int place)
    {
        int end = place;
        while (end < text.Length && IsEndMark(text[end]))
            end++;
        while (end < text.Length && IsClosing(text[end]))
            end++;
        return end;
    }

    static bool EndsSentence(string text, int start, int mark, int end)
    {
        if (end == text.Length)
            return true;
        bool closed = IsClosing(text[end - 1]);
        char next = text[end];
        if (IsUnspacedMark(text[mark]))
            return !(closed && char.IsLetter(next));   // “你好！”他说
        if (!char.IsWhiteSpace(next))
            return char.IsLetter(next) && WordPattern.IsUnspaced(next) && !closed && !AreDots(text, mark);   // 什么?我们
        int follower = end;
        while (follower < text.Length && (char.IsWhiteSpace(text[follower]) || IsOpening(text[follower])) && !IsLineBreak(text[follower]))
            follower++;
        if (follower < text.Length && char.IsLower(text[follower]))
            return false;
        return closed || text[mark] != '.' || AreDots(text, mark) || !IsStopOfWord(text, start, mark, follower);
    }

    /// <summary>Whether the stop belongs to the word before it.</summary>
    static bool IsStopOfWord(string text, int start, int stop, int follower)
    {
        int wordStart = stop;
        while (wordStart > start && (char.IsLetterOrDigit(text[wordStart - 1]) || text[wordStart - 1] is '.' or '-' or '\'' or '’'))
            wordStart--;
        var word = text.AsSpan(wordStart, stop - wordStart);
        if (word.Length == 1 && char.IsLetter(word[0]))
            return word[0] != 'I' && !WordPattern.IsUnspaced(word[0]);   // J. Smith, but: taller than I.
        if (word.Contains('.'))
            return !word.ContainsAnyInRange('0', '9');   // U.S., e.g., but: version 3.5.
        if (word.Equals("No", StringComparison.OrdinalIgnoreCase))
            return follower < text.Length && char.IsDigit(text[follower]);
        bool isItem = text.AsSpan(start, wordStart - start).IsWhiteSpace() && word.Length is > 0 and <= 3 && !word.ContainsAnyExceptInRange('0', '9');
        return isItem || _abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }

    static bool AreDots(string text, int mark) => text[mark] == '…' || (text[mark] == '.' && mark + 1 < text.Length && text[mark + 1] == '.');

    static bool IsLineBreak(char character) => character is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    static bool IsUnspacedMark(char character) => character is '。' or '！' or '？' or '｡';

    static bool IsEndMark(char character) => character is '.' or '!' or '?' or '…' or '‼' or '⁇' or '⁈' or '⁉' || IsUnspacedMark(character);

    static bool IsClosing(char character) => character is '"' or '\'' || char.GetUnicodeCategory(character)
        is UnicodeCategory.ClosePunctuation or UnicodeCategory.FinalQuotePunctuation;

    static bool IsOpening(char character) => character is '"' or '\'' || char.GetUnicodeCategory(character)
        is UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation;
}
