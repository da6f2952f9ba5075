using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RnnService.Models.Text;

/// <summary>
/// Text whose letters with marks are one character each, as keyboards write them and models learn them. File names of macOS and text out of
/// PDF files have the marks as characters of their own: é as e and U+0301, which to a tokenizer is another word.
/// </summary>
/// <remarks>
/// Unicode's normalization form C for text in form D whose marks all have a composed form; marks without one stay as they are.
/// Tokenizers keep a text as it is, as their files tell other programs: whoever reads a text for a model composes it first.
/// <see cref="string.Normalize()"/> does nothing where the program runs without ICU, as this one does.
/// </remarks>
public static class ComposedText
{
    const char FirstSyllable = '\uAC00';
    const int Vowels = 21, Finals = 28;
    static readonly (char First, char Last) _leads = ('\u1100', '\u1112'), _vowels = ('\u1161', '\u1175'), _finals = ('\u11A8', '\u11C2');
    static readonly SearchValues<char> _marks = SearchValues.Create([.. CompositionTable.Marks, .. Range(_vowels), .. Range(_finals)]);

    /// <summary>The composed form; the text itself where it has no mark.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        var rest = text.AsSpan();
        int next = rest.IndexOfAny(_marks);
        if (text is null || next < 0)
            return text;
        var composed = new StringBuilder(text.Length);
        for (; next >= 0; next = rest.IndexOfAny(_marks))
        {
            char mark = rest[next];
            composed.Append(rest[..next]);
            rest = rest[(next + 1)..];
            if (composed.Length > 0 && Compose(composed[^1], mark) is { } one)
                composed[^1] = one;
            else
                composed.Append(mark);
        }
        composed.Append(rest);
        return composed.ToString();
    }

    static char? Compose(char letter, char mark) =>
        IsIn(letter, _leads) && IsIn(mark, _vowels) ? (char)(FirstSyllable + ((letter - _leads.First) * Vowels + mark - _vowels.First) * Finals)
        : IsOpenSyllable(letter) && IsIn(mark, _finals) ? (char)(letter + 1 + mark - _finals.First)
        : CompositionTable.Composed(letter, mark);

    static bool IsOpenSyllable(char letter) => letter is >= FirstSyllable and <= '\uD7A3' && (letter - FirstSyllable) % Finals == 0;

    static bool IsIn(char unit, (char First, char Last) range) => unit >= range.First && unit <= range.Last;

    static IEnumerable<char> Range((char First, char Last) range) => Enumerable.Range(range.First, range.Last - range.First + 1).Select(unit => (char)unit);
}
