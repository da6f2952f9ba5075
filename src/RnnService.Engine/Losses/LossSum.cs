namespace RnnService.Engine.Losses;

/// <summary>A loss summed over tokens. Sum and count stay apart until the end, so that parts of any size add up exactly.</summary>
/// <param name="Nats">the sum of -log p over the counted tokens</param>
/// <param name="Tokens">how many were counted</param>
public readonly record struct LossSum(double Nats, long Tokens)
{
    /// <summary>Nats per token; NaN when none was counted.</summary>
    public double Mean => Nats / Tokens;

    /// <summary>exp(<see cref="Mean"/>).</summary>
    public double Perplexity => Math.Exp(Mean);

    /// <summary>Both sums.</summary>
    public static LossSum operator +(LossSum left, LossSum right) => new(left.Nats + right.Nats, left.Tokens + right.Tokens);

    /// <inheritdoc cref="op_Addition"/>
    public static LossSum Add(LossSum left, LossSum right) => left + right;
}
