namespace RnnService.Models.Decoding;

/// <summary>How many hypotheses a beam search keeps, how long they become and how they are ranked.</summary>
public sealed record BeamSearchOptions
{
    // Short sources may become much longer: "OK" "that is all right".
    const int LengthMargin = 10;

    /// <summary>K, hypotheses kept of a source, 1 or more; 1 always takes the most probable token (greedy).</summary>
    public int BeamSize { get; init; } = 4;

    /// <summary>
    /// α, 0 or more. Hypotheses of n tokens, the end included, are ranked by log P / ((5 + n) / 6)^α (Wu et al. 2016, "Google's Neural Machine
    /// Translation System", equation 14 without coverage); 0 ranks by log P, which favours short ones.
    /// </summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>Hypotheses that come back, best first; 1 to K.</summary>
    public int Best { get; init; } = 1;

    /// <summary>At least this many tokens before the end.</summary>
    public int MinLength { get; init; }

    /// <summary>At most this many tokens before the end, 1 or more.</summary>
    public int MaxLength { get; init; } = 80;

    /// <summary>At most this many tokens for each token of the source, and ten more.</summary>
    public double MaxLengthRatio { get; init; } = 2;

    /// <summary>Whether the weights of the source's steps are kept.</summary>
    public bool Attention { get; init; }

    /// <summary>The most tokens that are written for a source, the end not counted.</summary>
    internal int LengthLimit(int sourceLength) => (int)Math.Clamp(sourceLength * MaxLengthRatio + LengthMargin, MinLength, MaxLength);

    /// <summary>What a hypothesis of <paramref name="length"/> tokens, the end included, is ranked by.</summary>
    internal double Score(double logProbability, int length) => logProbability / Math.Pow((5 + length) / 6.0, LengthPenalty);

    /// <exception cref="ArgumentOutOfRangeException">a value outside its range; the message names it</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BeamSize, 1);
        if (!(LengthPenalty >= 0 && double.IsFinite(LengthPenalty)))
            throw new ArgumentOutOfRangeException(nameof(LengthPenalty), LengthPenalty, "LengthPenalty is 0 (off) or a positive number.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Best, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Best, BeamSize);
        ArgumentOutOfRangeException.ThrowIfNegative(MinLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLength, Math.Max(1, MinLength));
        if (!(MaxLengthRatio >= 0 && double.IsFinite(MaxLengthRatio)))
            throw new ArgumentOutOfRangeException(nameof(MaxLengthRatio), MaxLengthRatio, "MaxLengthRatio is 0 or a positive number.");
    }
}
