using RnnService.Engine.Kernels;

namespace RnnService.Models.Ngrams;

/// <summary>
/// Adds counted n-grams to a network's prediction: p(w) = (1 - s) p_network(w) + s p_counts(w | last N-1 tokens), for texts whose
/// sentences repeat themselves, which counts remember and a small network does not. p_counts is interpolated absolute discounting (Ney,
/// Essen and Kneser 1994): p(w | c) = max(count(c w) - D, 0) / count(c) + b(c) p(w | c without its first token), where b(c) is what the
/// discounts leave; below single tokens every one is as probable. Safe to share between threads.
/// </summary>
/// <param name="Counts">of the training text</param>
/// <param name="Settings">s and D</param>
public sealed record NgramMixture(NgramCounts Counts, NgramSettings Settings)
{
    /// <summary>Mixes a prediction.</summary>
    /// <param name="context">tokens before the predicted one, of which the last are used</param>
    /// <param name="probabilities">[V] of the network; receives the mixture, which sums to 1 too</param>
    public void Mix(ReadOnlySpan<int> context, Span<float> probabilities)
    {
        VectorKernel.Scale(probabilities, (float)(1 - Settings.Share), probabilities);
        double weight = Settings.Share;
        for (int length = Math.Min(Counts.Order - 1, context.Length); length >= 0; length--)
            weight = AddContinuations(context[^length..], weight, probabilities);
        float uniform = (float)(weight / probabilities.Length);
        foreach (ref float probability in probabilities)
            probability += uniform;
    }

    /// <returns>the weight left for shorter contexts</returns>
    double AddContinuations(ReadOnlySpan<int> context, double weight, Span<float> probabilities)
    {
        var followed = Counts.Continuations(context);
        double left = weight, unit = weight / followed.Total;
        for (int index = 0; index < followed.Tokens.Length; index++)
        {
            double part = unit * (followed.Counts[index] - Settings.Discount);
            probabilities[followed.Tokens[index]] += (float)part;
            left -= part;
        }
        return left;
    }
}
