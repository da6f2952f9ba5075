namespace RnnService.Training.Metrics;

/// <summary>
/// chrF (Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation"): precision and recall of character n-grams, each
/// averaged over the orders 1 to 6 that both texts are long enough for, P and R, give (1 + beta²) P R / (beta² P + R). Blanks do not
/// count. The figures are those of sacreBLEU's chrF2, whose beta is 2.
/// </summary>
public static class CharacterFScore
{
    const int MaxOrder = 6;

    /// <summary>The score of a corpus, 0 to 100.</summary>
    /// <param name="hypotheses">one text a segment</param>
    /// <param name="references">one or more texts for each segment; the one that gives the segment the best score counts</param>
    /// <param name="beta">how many times as much recall weighs as precision</param>
    /// <exception cref="ArgumentException">the numbers of segments differ, or a segment has no reference</exception>
    public static double Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references, double beta = 2)
    {
        if (hypotheses.Count != references.Count)
            throw new ArgumentException($"found references for {references.Count} segments, expected {hypotheses.Count}, one each.", nameof(references));
        var sum = new Counts();
        for (int segment = 0; segment < hypotheses.Count; segment++)
            sum.Add(Best(hypotheses[segment], references[segment], beta));
        return sum.Score(beta);
    }

    /// <summary>The score of one text, 0 to 100.</summary>
    /// <param name="hypothesis">the text</param>
    /// <param name="references">one or more texts; the one that gives the best score counts</param>
    /// <param name="beta">how many times as much recall weighs as precision</param>
    public static double Sentence(string hypothesis, IReadOnlyList<string> references, double beta = 2) =>
        Best(hypothesis, references, beta).Score(beta);

    static Counts Best(string hypothesis, IReadOnlyList<string> references, double beta)
    {
        if (references.Count == 0)
            throw new ArgumentException("found a segment without a reference, expected one or more.", nameof(references));
        string[] characters = Characters(hypothesis);
        return references.Select(reference => new Counts(characters, Characters(reference))).MaxBy(counts => counts.Score(beta))!;
    }

    static string[] Characters(string text) =>
        [.. text.EnumerateRunes().Where(character => !System.Text.Rune.IsWhiteSpace(character)).Select(character => character.ToString())];

    sealed class Counts
    {
        readonly long[] _matches = new long[MaxOrder];
        readonly long[] _ofHypothesis = new long[MaxOrder];
        readonly long[] _ofReference = new long[MaxOrder];

        public Counts()
        {
        }

        public Counts(string[] hypothesis, string[] reference)
        {
            for (int order = 1; order <= MaxOrder; order++)
            {
                _matches[order - 1] = Ngrams.CountMatches(Ngrams.Count(hypothesis, order), Ngrams.Count(reference, order));
                _ofHypothesis[order - 1] = Math.Max(0, hypothesis.Length - order + 1);
                _ofReference[order - 1] = Math.Max(0, reference.Length - order + 1);
            }
        }

        public void Add(Counts other)
        {
            for (int order = 0; order < MaxOrder; order++)
            {
                _matches[order] += other._matches[order];
                _ofHypothesis[order] += other._ofHypothesis[order];
                _ofReference[order] += other._ofReference[order];
            }
        }

        public double Score(double beta)
        {
            double precision = 0, recall = 0;
            int orders = 0;
            for (int order = 0; order < MaxOrder; order++)
            {
                if (_ofHypothesis[order] == 0 || _ofReference[order] == 0)
                    continue;
                precision += (double)_matches[order] / _ofHypothesis[order];
                recall += (double)_matches[order] / _ofReference[order];
                orders++;
            }
            if (precision == 0)
                return 0;
            (precision, recall) = (precision / orders, recall / orders);
            return 100 * (1 + beta * beta) * precision * recall / (beta * beta * precision + recall);
        }
    }
}
