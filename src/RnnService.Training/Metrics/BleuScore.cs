using System.Globalization;

namespace RnnService.Training.Metrics;

/// <summary>A BLEU score and what it is made of.</summary>
/// <param name="Score">0 to 100</param>
/// <param name="Precisions">[4]: of the n-grams of order 1 to 4, in percent, smoothed where none matched</param>
/// <param name="BrevityPenalty">1 unless the hypotheses are shorter than the references</param>
/// <param name="HypothesisLength">tokens of all hypotheses</param>
/// <param name="ReferenceLength">tokens of the references, for each hypothesis of the one nearest in length</param>
public sealed record BleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, int HypothesisLength, int ReferenceLength)
{
    /// <summary>As sacreBLEU writes it: <c>48.53 82.4/50.0/45.5/37.5 (BP = 0.943 hyp_len = 17 ref_len = 18)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Score:0.00} {string.Join('/', Precisions.Select(precision => precision.ToString("0.0", CultureInfo.InvariantCulture)))} (BP = {BrevityPenalty:0.000} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
}
