using System.Globalization;

namespace RnnService.Models.Text;

/// <summary>Where a blank stands between two tokens of running text. It sees two tokens only, so a straight quotation mark opens unless it
/// follows the end of a sentence.</summary>
static class WordSpacing
{
    /// <summary>Whether a blank stands between <paramref name="previous"/> and <paramref name="next"/>.</summary>
    public static bool HasBlank(string previous, string next)
    {
        if (WordPattern.IsUnspaced(previous[^1]) || WordPattern.IsUnspaced(next[0]))
            return false;
        if (next == "\"")
            return previous == "\"" || !EndsSentence(previous) && !OpensTightly(previous);
        return !OpensTightly(previous) && !ClosesTightly(next);
    }

    /// <summary>Whether a sentence ends with this token.</summary>
    public static bool EndsSentence(string token) => token is "." or "!" or "?" or "…" or "。" or "！" or "？";

    // Nothing stands between these and the token after them. A hyphen joins on both sides: "well-known".
    static bool OpensTightly(string token) =>
        token is "-" or "/" or "\"" or "#" or "@" or "_"
        || token.Length == 1 && CharUnicodeInfo.GetUnicodeCategory(token[0])
            is UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.CurrencySymbol;

    // Nothing stands between these and the token before them.
    static bool ClosesTightly(string token) =>
        token is "." or "," or "!" or "?" or ";" or ":" or "…" or "%" or "°" or "'" or "-" or "/" or "_"
        || token.StartsWith("..", StringComparison.Ordinal)
        || token.Length == 1 && CharUnicodeInfo.GetUnicodeCategory(token[0])
            is UnicodeCategory.ClosePunctuation or UnicodeCategory.FinalQuotePunctuation;
}
