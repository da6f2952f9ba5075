namespace RnnService.Models.Classification;

/// <summary>What a classifier says about one text or series.</summary>
/// <param name="Label">the most probable label</param>
/// <param name="Score">its probability</param>
/// <param name="Scores">the probability of every label, in the order of the outputs</param>
public sealed record LabelScores(string Label, double Score, IReadOnlyList<KeyValuePair<string, double>> Scores)
{
    /// <summary>From the logits of one prediction.</summary>
    /// <param name="labels">[K]</param>
    /// <param name="logits">[K]</param>
    internal static LabelScores Of(IReadOnlyList<string> labels, ReadOnlySpan<float> logits)
    {
        double logSum = Engine.Kernels.SoftmaxKernel.LogSumExp(logits);
        var scores = new KeyValuePair<string, double>[labels.Count];
        int best = 0;
        for (int k = 0; k < scores.Length; k++)
        {
            scores[k] = new(labels[k], Math.Exp(logits[k] - logSum));
            if (logits[k] > logits[best])
                best = k;
        }
        return new LabelScores(labels[best], scores[best].Value, scores);
    }
}
