using System.Numerics;
using RnnService.Engine.Kernels;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>
/// Collects the most probable continuations of the hypotheses of a source. Logits are compared vector by vector with the least that could
/// still be among the best, so that nearly all of them are read and no more. Of equals the one that came first stays. Allocates only when made.
/// </summary>
/// <param name="capacity">the most continuations it will be asked for</param>
sealed class BestContinuations(int capacity)
{
    readonly Continuation[] _best = new Continuation[capacity];   // most probable first
    int _asked, _count;

    /// <summary>The best so far, most probable first.</summary>
    public ReadOnlySpan<Continuation> Best => _best.AsSpan(0, _count);

    /// <summary>Whether the end may be a continuation.</summary>
    public bool MayEnd { get; set; } = true;

    /// <summary>Forgets all, to collect <paramref name="count"/> continuations.</summary>
    public void Clear(int count)
    {
        _asked = count;
        _count = 0;
    }

    /// <summary>
    /// Offers all tokens as continuations of a hypothesis, but padding, the unknown token and the begin. A row of logits that has NaN or
    /// +infinity, or -infinity only, has no probabilities and offers nothing.
    /// </summary>
    /// <param name="hypothesis">its number</param>
    /// <param name="logProbability">its own</param>
    /// <param name="logits">[V] after it</param>
    public void Offer(int hypothesis, double logProbability, ReadOnlySpan<float> logits)
    {
        double shift = logProbability - SoftmaxKernel.LogSumExp(logits);
        if (!double.IsFinite(shift))
            return;
        int width = Vector<float>.Count, place = 0;
        var least = new Vector<float>(Least(shift));
        for (; place <= logits.Length - 4 * width; place += 4 * width)
        {
            var first = Vector.Max(new Vector<float>(logits[place..]), new Vector<float>(logits[(place + width)..]));
            var second = Vector.Max(new Vector<float>(logits[(place + 2 * width)..]), new Vector<float>(logits[(place + 3 * width)..]));
            if (!Vector.GreaterThanOrEqualAny(Vector.Max(first, second), least))
                continue;
            for (int tokenId = place; tokenId < place + 4 * width; tokenId++)
                Offer(hypothesis, tokenId, shift + logits[tokenId]);
            least = new Vector<float>(Least(shift));
        }
        for (; place < logits.Length; place++)
            Offer(hypothesis, place, shift + logits[place]);
    }

    /// <summary>Offers the end only.</summary>
    /// <inheritdoc cref="Offer(int, double, ReadOnlySpan{float})"/>
    public void OfferEnd(int hypothesis, double logProbability, ReadOnlySpan<float> logits) =>
        Offer(hypothesis, Vocabulary.EosId, logProbability - SoftmaxKernel.LogSumExp(logits) + logits[Vocabulary.EosId]);

    // A logit below this is not among the best; a bit lower than exact, as floats are coarser than log-probabilities.
    float Least(double shift) => _count < _asked ? float.NegativeInfinity : MathF.BitDecrement((float)(_best[_count - 1].LogProbability - shift));

    void Offer(int hypothesis, int tokenId, double logProbability)
    {
        double least = _count < _asked ? double.NegativeInfinity : _best[_count - 1].LogProbability;
        if (!(logProbability > least) || tokenId < Vocabulary.EosId || (tokenId == Vocabulary.EosId && !MayEnd))
            return;
        int place = _count < _asked ? _count++ : _count - 1;
        for (; place > 0 && _best[place - 1].LogProbability < logProbability; place--)
            _best[place] = _best[place - 1];
        _best[place] = new Continuation(hypothesis, tokenId, logProbability);
    }
}

/// <summary>A hypothesis with one more token.</summary>
/// <param name="Hypothesis">its number</param>
/// <param name="TokenId">the token</param>
/// <param name="LogProbability">of both</param>
readonly record struct Continuation(int Hypothesis, int TokenId, double LogProbability);
