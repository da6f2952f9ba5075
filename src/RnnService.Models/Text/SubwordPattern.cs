using System.Text.RegularExpressions;

namespace RnnService.Models.Text;

/// <summary>
/// The pieces of a text that byte pairs are merged in, as one regular expression. The alternatives in order:
/// a word with the blank before it, contractions and elisions in one piece (<c> don't</c>, <c>l'homme</c>);
/// a run of characters of a script written without blanks;
/// a number, and a run of other characters, each with the blank before it;
/// blanks, but the last of a run is left to the word after it.
/// Every character belongs to exactly one alternative, so that the pieces joined are the text, and matching takes linear time.
/// </summary>
static partial class SubwordPattern
{
    const string Spaced = $"(?![{WordPattern.Unspaced}])";
    const string Letters = $@"(?:{Spaced}[\p{{L}}\p{{M}}])+";
    const string Digits = $@"(?:{Spaced}\p{{N}})+";
    const string Other = $@"[^\s\p{{L}}\p{{M}}\p{{N}}{WordPattern.Unspaced}]";

    const string Pattern = $@" ?{Letters}(?:['’]{Letters})*|[{WordPattern.Unspaced}]+| ?{Digits}| ?{Other}+|\s+(?!\S)|\s+";

    /// <summary>
    /// The same pattern for engines that see whole characters where .NET sees UTF-16 units; a character above U+FFFF is one of the other
    /// characters in both.
    /// </summary>
    public static string Portable { get; } = Pattern
        .Replace(Spaced, $"(?![{WordPattern.Unspaced}\U00010000-\U0010FFFF])", StringComparison.Ordinal)
        .Replace(Other, $"(?:{Other}|[\U00010000-\U0010FFFF])", StringComparison.Ordinal);

    /// <summary>Matches the pieces.</summary>
    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    public static partial Regex Pieces { get; }
}
