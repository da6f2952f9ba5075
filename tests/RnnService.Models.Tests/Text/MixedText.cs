using System.Globalization;

namespace RnnService.Models.Tests.Text;

/// <summary>Lines of several scripts, the same for a seed: words that recur, so that there is something to merge, among rare characters.</summary>
static class MixedText
{
    static readonly string[] _words =
    [
        "the", "The", "students", "student", "opened", "their", "don't", "Tom's", "l'homme", "d’accord", "été", "naïve", "e\u0301tude", "RNN",
        "translation", "translate", "我们", "你好", "喜欢", "学习", "世界", "老师", "昨天", "ありがとう", "Привет", "नमस्ते", "مرحبا", "ﬁn",
    ];

    static readonly string[] _marks =
        [".", ",", "?!", "...", "，", "。", "“", "”", " - ", "'", "«", "»", "👍", "👍🏽", "\t", "  ", "\u3000", "\u00A0", "♥\uFE0F", "<", "|", "_", "²"];

    public static IEnumerable<string> Lines(int count, int seed)
    {
        var random = new Random(seed);
        for (int line = 0; line < count; line++)
            yield return string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => Piece(random)));
    }

    static string Piece(Random random) => random.Next(8) switch
    {
        0 => _marks[random.Next(_marks.Length)],
        1 => random.Next(100_000).ToString(CultureInfo.InvariantCulture),
        2 => char.ConvertFromUtf32(random.Next(0x4E00, 0x9FA6)),   // Han, mostly rare
        3 => char.ConvertFromUtf32(random.Next(0x20000, 0x2A6D7)),   // Han above U+FFFF
        4 => " " + new string((char)random.Next('a', 'z' + 1), random.Next(1, 6)),
        _ => (random.Next(4) > 0 ? " " : "") + _words[random.Next(_words.Length)],
    };
}
