using System.Text;
using System.Text.RegularExpressions;

namespace RnnService.Training.Metrics;

/// <summary>
/// Splits texts exactly as sacreBLEU's tokenizers <c>13a</c> and <c>zh</c> do (Post 2018, "A Call for Clarity in Reporting BLEU Scores"),
/// so that scores can be compared with published ones.
/// </summary>
static partial class BleuTokenizer
{
    /// <summary>How texts of a language are split: <c>zh</c> and its variants by characters, others as Western text.</summary>
    public static BleuTokenization For(string language) =>
        language.Split('-')[0] == "zh" ? BleuTokenization.Chinese : BleuTokenization.Mteval13a;

    /// <summary>The tokens of a text.</summary>
    public static string[] Tokenize(string text, BleuTokenization tokenization) =>
        SplitWords(tokenization == BleuTokenization.Chinese ? IsolateChinese(text.Trim()) : $" {WithoutMarkup(text.TrimEnd())} ");

    // mteval reads SGML.
    static string WithoutMarkup(string text) => text
        .Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ')
        .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
        .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);

    static string[] SplitWords(string text)
    {
        text = Marks.Replace(text, " $0 ");
        text = StopsAfterOthers.Replace(text, "$1 $2 ");
        text = StopsBeforeOthers.Replace(text, " $1 $2");
        text = DashesAfterDigits.Replace(text, "$1 $2 ");
        return text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    static string IsolateChinese(string text)
    {
        var isolated = new StringBuilder(text.Length * 3);
        foreach (char unit in text)
            _ = IsChinese(unit) ? isolated.Append(' ').Append(unit).Append(' ') : isolated.Append(unit);
        return isolated.ToString();
    }

    // The first range is sacreBLEU's as it works, not as it was meant: it writes U+20000 and U+2F800 with four digits and so takes
    // U+2001 to U+2A6D, typographic quotation marks and dashes among them, and no character above U+FFFF.
    static bool IsChinese(char unit) =>
        unit is >= '\u2001' and <= '\u2A6D' or >= '\u2E80' and <= '\u2FDF' or >= '\u2FF0' and <= '\u303F' or >= '\u3100' and <= '\u312F'
            or >= '\u31A0' and <= '\u31BF' or >= '\u31C0' and <= '\u31EF' or >= '\u3200' and <= '\u4DB5' or >= '\u4E00' and <= '\u9FBB'
            or >= '\uF900' and <= '\uFA2D' or >= '\uFA30' and <= '\uFA6A' or >= '\uFA70' and <= '\uFAD9' or >= '\uFE10' and <= '\uFE1F'
            or >= '\uFE30' and <= '\uFE4F' or >= '\uFF00' and <= '\uFFEF';

    [GeneratedRegex(@"[ -&(-+/:-@\[-`{-~]", RegexOptions.CultureInvariant)]
    static partial Regex Marks { get; }

    [GeneratedRegex(@"([^0-9])([.,])", RegexOptions.CultureInvariant)]
    static partial Regex StopsAfterOthers { get; }

    [GeneratedRegex(@"([.,])([^0-9])", RegexOptions.CultureInvariant)]
    static partial Regex StopsBeforeOthers { get; }

    [GeneratedRegex(@"([0-9])(-)", RegexOptions.CultureInvariant)]
    static partial Regex DashesAfterDigits { get; }
}
