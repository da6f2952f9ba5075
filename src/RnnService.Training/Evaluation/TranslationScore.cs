using System.Globalization;
using RnnService.Training.Data;
using RnnService.Training.Metrics;

namespace RnnService.Training.Evaluation;

/// <summary>How near translations come to those of a data set, altogether and by the length of the source.</summary>
/// <param name="Count">translations</param>
/// <param name="Bleu">0 to 100</param>
/// <param name="ChrF">0 to 100</param>
/// <param name="BySourceLength">the same of sources of some lengths, in tokens as BLEU splits them; those that occur</param>
public sealed record TranslationScore(int Count, double Bleu, double ChrF, IReadOnlyList<TranslationScore.OfLengths> BySourceLength)
{
    static readonly int[] s_limits = [5, 10, 15, 20, 30, int.MaxValue];

    /// <summary>Compares translations with the targets of pairs, each row by itself: a source that has several targets occurs as often.</summary>
    /// <param name="pairs">the right ones</param>
    /// <param name="translations">[n] of the sources</param>
    /// <param name="settings">tells the languages, which decide how texts are split</param>
    public static TranslationScore Of(IReadOnlyList<TextPair> pairs, IReadOnlyList<string> translations, PairSettings settings)
    {
        var split = BleuTokenizer.For(settings.TargetLanguage);
        var sourceSplit = BleuTokenizer.For(settings.SourceLanguage);
        var rows = pairs.Zip(translations, (pair, text) => new Row(
            text, [pair.Target], Array.FindIndex(s_limits, limit => BleuTokenizer.Tokenize(pair.Source, sourceSplit).Length <= limit))).ToArray();
        var (bleu, chrF) = Score(rows, split);
        return new TranslationScore(rows.Length, bleu, chrF, [.. rows.GroupBy(row => row.Bucket).OrderBy(bucket => bucket.Key).Select(bucket =>
        {
            var (bucketBleu, bucketChrF) = Score([.. bucket], split);
            return new OfLengths(Lengths(bucket.Key), bucket.Count(), bucketBleu, bucketChrF);
        })]);
    }

    /// <summary>The scores by length as a table.</summary>
    public string Table => TextTable.Write(
    [
        ["source length", "sentences", "BLEU", "chrF"],
        .. BySourceLength.Select(bucket => (string[])
            [bucket.Lengths, Text(bucket.Count, Figure.Count), Text(bucket.Bleu, "0.0"), Text(bucket.ChrF, "0.0")]),
    ]);

    static (double Bleu, double ChrF) Score(Row[] rows, BleuTokenization split)
    {
        string[] hypotheses = [.. rows.Select(row => row.Translation)];
        string[][] references = [.. rows.Select(row => row.References)];
        return (Metrics.Bleu.Corpus(hypotheses, references, split).Score, CharacterFScore.Corpus(hypotheses, references));
    }

    static string Lengths(int bucket)
    {
        int first = bucket == 0 ? 1 : s_limits[bucket - 1] + 1;
        return s_limits[bucket] == int.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{first} or more")
            : string.Create(CultureInfo.InvariantCulture, $"{first}-{s_limits[bucket]}");
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The scores of the sources of some lengths.</summary>
    /// <param name="Lengths">for example <c>6-10</c></param>
    /// <param name="Count">translations</param>
    /// <param name="Bleu">0 to 100</param>
    /// <param name="ChrF">0 to 100</param>
    public sealed record OfLengths(string Lengths, int Count, double Bleu, double ChrF);

    sealed record Row(string Translation, string[] References, int Bucket);
}
