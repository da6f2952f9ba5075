namespace RnnService.Training.Metrics;

/// <summary>
/// BLEU (Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation"): the geometric mean of the clipped
/// precisions of n-grams up to order 4, times exp(1 - r/c) where the hypotheses with c tokens in all are shorter than the references with r.
/// Precisions without a match are smoothed as mteval-v13a does, the k-th of them to 1/(2^k total) (Chen and Cherry 2014, "A Systematic
/// Comparison of Smoothing Techniques for Sentence-Level BLEU", method 3). The figures are those of sacreBLEU's defaults.
/// </summary>
public static class Bleu
{
    const int MaxOrder = 4;

    /// <summary>The score of a corpus.</summary>
    /// <param name="hypotheses">one text a segment</param>
    /// <param name="references">one or more texts for each segment</param>
    /// <param name="tokenization">how all of them are split</param>
    /// <exception cref="ArgumentException">the numbers of segments differ, or a segment has no reference</exception>
    public static BleuScore Corpus(
        IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references, BleuTokenization tokenization)
    {
        if (hypotheses.Count != references.Count)
            throw new ArgumentException($"found references for {references.Count} segments, expected {hypotheses.Count}, one each.", nameof(references));
        var counts = new Counts();
        for (int segment = 0; segment < hypotheses.Count; segment++)
            counts.Add(hypotheses[segment], references[segment], tokenization);
        return counts.Score(effectiveOrder: false);
    }

    /// <summary>
    /// The score of one sentence: orders for which it is too short are left out of the mean, so that a short sentence can score 100.
    /// </summary>
    /// <param name="hypothesis">the sentence</param>
    /// <param name="references">one or more texts</param>
    /// <param name="tokenization">how all of them are split</param>
    public static BleuScore Sentence(string hypothesis, IReadOnlyList<string> references, BleuTokenization tokenization)
    {
        var counts = new Counts();
        counts.Add(hypothesis, references, tokenization);
        return counts.Score(effectiveOrder: true);
    }

    sealed class Counts
    {
        readonly long[] _matches = new long[MaxOrder];
        readonly long[] _totals = new long[MaxOrder];
        int _hypothesisLength, _referenceLength;

        public void Add(string hypothesis, IReadOnlyList<string> references, BleuTokenization tokenization)
        {
            if (references.Count == 0)
                throw new ArgumentException("found a segment without a reference, expected one or more.", nameof(references));
            string[] tokens = BleuTokenizer.Tokenize(hypothesis, tokenization);
            string[][] others = [.. references.Select(reference => BleuTokenizer.Tokenize(reference, tokenization))];
            _hypothesisLength += tokens.Length;
            // Of two references equally near in length the shorter one counts.
            _referenceLength += others.Select(other => other.Length).MinBy(length => (Math.Abs(length - tokens.Length), length));
            for (int order = 1; order <= MaxOrder; order++)
            {
                var most = Ngrams.Count(others[0], order);
                foreach (string[] other in others[1..])
                    Ngrams.KeepLarger(most, Ngrams.Count(other, order));
                _matches[order - 1] += Ngrams.CountMatches(Ngrams.Count(tokens, order), most);
                _totals[order - 1] += Math.Max(0, tokens.Length - order + 1);
            }
        }

        public BleuScore Score(bool effectiveOrder)
        {
            double[] precisions = new double[MaxOrder];
            double brevityPenalty = _hypothesisLength >= _referenceLength ? 1
                : _hypothesisLength == 0 ? 0 : Math.Exp(1 - (double)_referenceLength / _hypothesisLength);
            int orders = effectiveOrder ? _totals.Count(total => total > 0) : MaxOrder;
            double score = 0;
            if (_matches.Any(matches => matches > 0))
            {
                double smoothing = 1;
                for (int order = 0; order < MaxOrder && _totals[order] > 0; order++)
                    precisions[order] = 100.0 * (_matches[order] > 0 ? _matches[order] : 1 / (smoothing *= 2)) / _totals[order];
                score = brevityPenalty * Math.Exp(precisions.Take(orders).Average(Math.Log));
            }
            return new BleuScore(score, precisions, brevityPenalty, _hypothesisLength, _referenceLength);
        }
    }
}
