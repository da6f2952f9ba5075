using RnnService.Models.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Decoding;

/// <summary>
/// A decoder whose logits are a function of the source and all tokens written, so that every probability can be worked out. It checks that
/// it is called as agreed and counts the rows of its steps.
/// </summary>
/// <param name="logits">[V] after these tokens, for this source</param>
sealed class AutomatonDecoder(Func<int[], int[], float[]> logits) : IDecoder
{
    (int[] Source, int[] Written)[] _hypotheses = [];

    /// <summary>Rows of each step since the last source was read.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>Random logits of these ordinary tokens and the end; the other special tokens are the most probable, and never to be chosen.</summary>
    public static AutomatonDecoder Random(int seed, int ordinaryTokens) => new((source, written) =>
    {
        var random = new Random(Hash([seed, .. source, -1, .. written]));
        return [9, 9, 9, .. Enumerable.Range(0, ordinaryTokens + 1).Select(_ => random.NextSingle() * 4)];
    });

    public void Begin(IReadOnlyList<int[]> sources)
    {
        _hypotheses = [.. sources.Select(source => (source, Array.Empty<int>()))];
        Rows.Clear();
    }

    public void Step(ReadOnlySpan<int> tokenIds, ReadOnlySpan<int> origins)
    {
        var next = new (int[] Source, int[] Written)[tokenIds.Length];
        for (int row = 0; row < next.Length; row++)
        {
            var (source, written) = _hypotheses[origins[row]];
            Assert.Equal(Rows.Count == 0, tokenIds[row] == Vocabulary.BosId);
            next[row] = (source, Rows.Count == 0 ? written : [.. written, tokenIds[row]]);
        }
        _hypotheses = next;
        Rows.Add(next.Length);
    }

    public ReadOnlySpan<float> Logits(int hypothesis) => logits(_hypotheses[hypothesis].Source, _hypotheses[hypothesis].Written);

    public ReadOnlySpan<float> Attention(int hypothesis) => Weights(_hypotheses[hypothesis].Source, _hypotheses[hypothesis].Written);

    /// <summary>[V] after these tokens, for this source.</summary>
    public float[] LogitsOf(int[] source, int[] written) => logits(source, written);

    /// <summary>The weights of a source's steps after these tokens: any numbers, but always the same.</summary>
    public static float[] Weights(int[] source, int[] written) =>
        [.. Enumerable.Range(0, source.Length + 1).Select(step => Hash([step, .. source, -1, .. written]) % 1000 / 1000f)];

    /// <summary>Every sequence with its log-probability, end included, of at most <paramref name="longest"/> tokens of this source.</summary>
    public IEnumerable<(int[] TokenIds, double LogProbability)> AllSequences(int[] source, int longest) => Sequences(source, [], 0, longest);

    IEnumerable<(int[] TokenIds, double LogProbability)> Sequences(int[] source, int[] written, double logProbability, int longest)
    {
        double[] logProbabilities = LogSoftmax(logits(source, written));
        yield return (written, logProbability + logProbabilities[Vocabulary.EosId]);
        if (written.Length == longest)
            yield break;
        for (int tokenId = Vocabulary.EosId + 1; tokenId < logProbabilities.Length; tokenId++)
        {
            foreach (var sequence in Sequences(source, [.. written, tokenId], logProbability + logProbabilities[tokenId], longest))
                yield return sequence;
        }
    }

    /// <summary>Log-probabilities, the plain way.</summary>
    public static double[] LogSoftmax(ReadOnlySpan<float> logits)
    {
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit);
        double normalizer = Math.Log(sum);
        return [.. logits.ToArray().Select(logit => logit - normalizer)];
    }

    static int Hash(ReadOnlySpan<int> values)
    {
        uint hash = 2166136261;
        foreach (int value in values)
            hash = (hash ^ (uint)value) * 16777619 + 1;
        return (int)(hash >> 1);
    }
}
