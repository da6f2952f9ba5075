namespace RnnService.Models.Decoding;

/// <summary>How the next token is drawn from the model's distribution. The filters apply in this order: temperature, top-k, top-p.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits: below 1 sharper, above 1 flatter; 0 always takes the most probable token (greedy).</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only the k most probable tokens take part; 0 turns the limit off.</summary>
    public int TopK { get; init; }

    /// <summary>Only the most probable tokens whose probabilities reach this sum take part (nucleus sampling); 1 turns the limit off.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>The same seed gives the same draws; null takes a fresh one.</summary>
    public long? Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">a value outside its range; the message names it</exception>
    internal void Validate()
    {
        if (!(Temperature >= 0 && double.IsFinite(Temperature)))
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "Temperature is 0 (greedy) or a positive number.");
        if (TopK < 0)
            throw new ArgumentOutOfRangeException(nameof(TopK), TopK, "TopK is 0 (off) or more.");
        if (!(TopP is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "TopP is above 0 and at most 1 (off).");
    }
}
