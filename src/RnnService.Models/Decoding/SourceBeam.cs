using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>The hypotheses of one source: the open ones, which are neighbouring rows of a step, and the finished ones.</summary>
sealed class SourceBeam
{
    readonly BeamSearchOptions _options;
    readonly double[] _logProbabilities;   // of the open hypotheses, most probable first
    readonly List<Hypothesis> _finished = [];
    int _firstRow, _open = 1;

    /// <param name="options">beam size, length and ranking</param>
    /// <param name="sourceLength">tokens of the source, the end not counted</param>
    /// <param name="firstRow">the row of the first step</param>
    public SourceBeam(BeamSearchOptions options, int sourceLength, int firstRow)
    {
        _options = options;
        _logProbabilities = new double[options.BeamSize];
        _firstRow = firstRow;
        SourceSteps = sourceLength + 1;
        LengthLimit = options.LengthLimit(sourceLength);
    }

    /// <summary>The most tokens that are written, the end not counted.</summary>
    public int LengthLimit { get; }

    /// <summary>S, the source's tokens and its end.</summary>
    public int SourceSteps { get; }

    /// <summary>The best finished hypotheses, best first.</summary>
    public Hypothesis[] Best => [.. _finished.OrderByDescending(hypothesis => hypothesis.Score).Take(_options.Best)];

    /// <summary>Ends or continues the open hypotheses by the logits after a step.</summary>
    /// <param name="decoder">has just done the step</param>
    /// <param name="best">to choose with</param>
    /// <param name="history">receives the next step's rows</param>
    /// <param name="step">tokens that the open hypotheses have</param>
    /// <param name="nextRow">where this source's rows of the next step begin</param>
    /// <returns>where the next source's rows begin</returns>
    public int Continue(IDecoder decoder, BestContinuations best, BeamHistory history, int step, int nextRow)
    {
        if (_open == 0)
            return nextRow;
        best.Clear(_options.BeamSize - _finished.Count);
        best.MayEnd = step >= _options.MinLength;
        for (int index = 0; index < _open; index++)
        {
            int row = _firstRow + index;
            if (step < LengthLimit)
                best.Offer(row, _logProbabilities[index], decoder.Logits(row));
            else
                best.OfferEnd(row, _logProbabilities[index], decoder.Logits(row));
        }
        (_firstRow, _open) = (nextRow, 0);
        foreach (var (row, tokenId, logProbability) in best.Best)
        {
            if (tokenId == Vocabulary.EosId)
            {
                _finished.Add(new Hypothesis(
                    history.TokensUpTo(step, row),
                    logProbability,
                    _options.Score(logProbability, step + 1),
                    history.AttentionUpTo(step, row, SourceSteps)));
                continue;
            }
            _logProbabilities[_open++] = logProbability;
            (history.TokenIds(step + 1)[nextRow], history.Origins(step + 1)[nextRow]) = (tokenId, row);
            nextRow++;
        }
        if (_open == 0 && _finished.Count == 0)
            throw new InvalidOperationException("No token can follow: the logits of all hypotheses are NaN or infinite.");
        if (_open > 0 && IsDecided())
            (nextRow, _open) = (_firstRow, 0);
        return nextRow;
    }

    /// <summary>
    /// Whether no open hypothesis can become one of the best: more tokens only lower its log-probability, and at most the longest
    /// length divides it.
    /// </summary>
    bool IsDecided()
    {
        if (_finished.Count < _options.Best)
            return false;
        double bound = _options.Score(_logProbabilities[0], LengthLimit + 1);
        int better = 0;
        foreach (var hypothesis in _finished)
            better += hypothesis.Score >= bound ? 1 : 0;
        return better >= _options.Best;
    }
}
