using RnnService.Engine.Kernels;
using RnnService.Models.Explanations;

namespace RnnService.Models.BagsOfWords;

/// <summary>
/// Adds words and pairs of words to a network's classes: p(k) = (1 - s) p_network(k) + s p_words(k). The two err on different texts
/// (Wang and Manning 2012 found words and their pairs hard to beat; Mesnil et al. 2014 mix them with recurrent networks). Safe to share
/// between threads.
/// </summary>
/// <param name="Classifier">p_words</param>
/// <param name="Settings">s</param>
public sealed record BagMixture(BagClassifier Classifier, BagSettings Settings)
{
    /// <summary>Mixes a prediction.</summary>
    /// <param name="text">the whole text</param>
    /// <param name="logits">[K] of the network; receives logarithms of the mixed probabilities</param>
    public void Mix(string text, Span<float> logits)
    {
        double[] words = Classifier.Probabilities(text);
        float logSum = SoftmaxKernel.LogSumExp(logits);
        for (int k = 0; k < logits.Length; k++)
            logits[k] = (float)Math.Log((1 - Settings.Share) * Math.Exp(logits[k] - logSum) + Settings.Share * words[k]);
    }

    /// <summary>Mixes what tokens contribute.</summary>
    /// <param name="network">to the network's probability, a value for each token</param>
    /// <param name="words">to that of the words</param>
    internal Attribution Mix(Attribution network, Attribution words)
    {
        return new Attribution(
            [.. network.Contributions.Zip(words.Contributions, Mixed)],
            Mixed(network.Score, words.Score),
            Mixed(network.BaselineScore, words.BaselineScore));

        double Mixed(double ofNetwork, double ofWords) => (1 - Settings.Share) * ofNetwork + Settings.Share * ofWords;
    }
}
