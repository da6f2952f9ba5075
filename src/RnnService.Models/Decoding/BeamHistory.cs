namespace RnnService.Models.Decoding;

/// <summary>
/// What the hypotheses of all steps wrote and which one each continued, so that a hypothesis is one number. The rows of a step are those
/// of <see cref="IDecoder.Step"/>; step 0 wrote the begin.
/// </summary>
/// <param name="steps">the most steps</param>
/// <param name="rows">the most rows of a step</param>
sealed class BeamHistory(int steps, int rows)
{
    readonly int[] _tokenIds = new int[steps * rows], _origins = new int[steps * rows];
    readonly float[]?[] _attention = new float[]?[steps];   // of each step, [R,S]
    int _attentionSize;

    /// <summary>[R] tokens of a step.</summary>
    public Span<int> TokenIds(int step) => _tokenIds.AsSpan(step * rows, rows);

    /// <summary>[R] rows of the step before that these of a step continue.</summary>
    public Span<int> Origins(int step) => _origins.AsSpan(step * rows, rows);

    /// <summary>Keeps the weights of the source's steps that a decoder used for the first <paramref name="count"/> rows of a step.</summary>
    /// <param name="step">the step</param>
    /// <param name="count">R, its rows</param>
    /// <param name="decoder">has just done the step</param>
    /// <param name="sourceSteps">S, of the longest source with its end</param>
    public void KeepAttention(int step, int count, IDecoder decoder, int sourceSteps)
    {
        _attentionSize = sourceSteps;
        var kept = _attention[step] = new float[count * sourceSteps];
        for (int row = 0; row < count; row++)
        {
            var weights = decoder.Attention(row);
            weights[..Math.Min(weights.Length, sourceSteps)].CopyTo(kept.AsSpan(row * sourceSteps));
        }
    }

    /// <summary>The tokens that led to a row of a step, the begin not among them.</summary>
    public int[] TokensUpTo(int step, int row)
    {
        int[] tokenIds = new int[step];
        for (; step > 0; row = Origins(step--)[row])
            tokenIds[step - 1] = TokenIds(step)[row];
        return tokenIds;
    }

    /// <summary>For each of these tokens the weights [S] that it was chosen with; empty where none were kept.</summary>
    public float[][] AttentionUpTo(int step, int row, int sourceSteps)
    {
        if (_attention[0] is null)
            return [];
        float[][] attention = new float[step][];
        while (step > 0)
        {
            row = Origins(step--)[row];
            attention[step] = _attention[step].AsSpan(row * _attentionSize, sourceSteps).ToArray();
        }
        return attention;
    }
}
