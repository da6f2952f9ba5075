using RnnService.Engine.Kernels;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>Draws a sequence for a source token by token: where variety counts more than the most probable text, as in a conversation.</summary>
/// <param name="decoder">with room for one hypothesis</param>
/// <param name="sampler">draws the tokens</param>
public sealed class SequenceSampler(IDecoder decoder, Sampler sampler)
{
    /// <summary>One sequence; its score is its log-probability.</summary>
    /// <param name="source">token ids, without the end</param>
    /// <param name="minLength">at least this many tokens before the end</param>
    /// <param name="maxLength">at most this many tokens; a sequence that reaches it has no end</param>
    /// <param name="cancellationToken">checked before each step</param>
    /// <exception cref="InvalidOperationException">the decoder gives no probabilities</exception>
    /// <exception cref="OperationCanceledException">the caller left</exception>
    public Hypothesis Draw(int[] source, int minLength, int maxLength, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        decoder.Begin([source]);
        var tokenIds = new List<int>();
        double logProbability = 0;
        for (int tokenId = Vocabulary.BosId; tokenIds.Count < maxLength; tokenIds.Add(tokenId))
        {
            cancellationToken.ThrowIfCancellationRequested();
            decoder.Step([tokenId], [0]);
            var logits = decoder.Logits(0);
            sampler.Exclude(Vocabulary.EosId, tokenIds.Count < minLength);
            tokenId = sampler.Next(logits);
            logProbability += logits[tokenId] - SoftmaxKernel.LogSumExp(logits);
            if (tokenId == Vocabulary.EosId)
                break;
        }
        return new Hypothesis([.. tokenIds], logProbability, logProbability, []);
    }
}
