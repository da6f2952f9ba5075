using System.Text.RegularExpressions;

namespace RnnService.Models.Text;

/// <summary>
/// What a word token is, as one regular expression. The alternatives in order:
/// an abbreviation with inner stops (<c>U.S.</c>, <c>p.m.</c>);
/// a word, its contractions and possessives in one token (<c>don't</c>, <c>Tom's</c>, <c>o'clock</c>), because that is what a writer wants
/// to be offered;
/// a number with what is glued to it (<c>1,000</c>, <c>3.14</c>, <c>7:30</c>, <c>20th</c>);
/// dots or dashes in a row;
/// any other character that is not a blank or a control character, with the marks that modify it: punctuation, an emoji, one character
/// of a script written without blanks.
/// No text matches an alternative in two ways, so that matching takes linear time on any input.
/// </summary>
static partial class WordPattern
{
    // Han (with 々 and 〇), kana and compatibility ideographs: scripts written without blanks between words.
    internal const string Unspaced = "\u3005\u3007\u3040-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF";
    const string Joinable = $"(?![{Unspaced}])";
    const string Letter = Joinable + @"\p{L}";
    const string Digits = $@"(?:{Joinable}\p{{N}})+";
    const string Rest = $@"(?:{Joinable}[\p{{L}}\p{{M}}\p{{N}}])*";
    const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    const string Pattern =
        $@"(?:{Letter}\.){{2,}}" +
        $@"|{Letter}{Rest}(?:['’‘]{Letter}{Rest})*" +
        $@"|{Digits}(?:[.,:]{Digits})*(?:['’‘]?{Letter}{Rest})?" +
        @"|\.{2,}|-{2,}" +
        $@"|(?:{Pair}|[^\s\p{{Cc}}\p{{Cf}}])(?:{Joinable}\p{{M}})*";

    /// <summary>
    /// The same pattern for engines that see whole characters where .NET sees UTF-16 units (Oniguruma in Hugging Face tokenizers).
    /// A character above U+FFFF is a token of its own in both.
    /// </summary>
    public static string Portable { get; } = Pattern
        .Replace(Joinable, $"(?![{Unspaced}\U00010000-\U0010FFFF])", StringComparison.Ordinal)
        .Replace(Pair, "[\U00010000-\U0010FFFF]", StringComparison.Ordinal);

    /// <summary>Matches the words of running text.</summary>
    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    public static partial Regex Words { get; }

    /// <summary>Matches whatever stands between blanks: the words of text that was split before.</summary>
    [GeneratedRegex(@"\S+", RegexOptions.CultureInvariant)]
    public static partial Regex BetweenBlanks { get; }

    /// <summary>Whether a character belongs to a script written without blanks, or is one of its punctuation marks or wide forms.</summary>
    public static bool IsUnspaced(char character) =>
        character is >= '\u3000' and <= '\u30FF' or >= '\u31F0' and <= '\u31FF' or >= '\u3400' and <= '\u4DBF'
            or >= '\u4E00' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFF9F';
}
