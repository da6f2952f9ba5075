namespace RnnService.Models.Classification;

/// <summary>One sequence as a classifier reads it: a framed text, or a series.</summary>
/// <param name="Length">T, its steps</param>
public sealed record ClassifierSequence(int Length)
{
    /// <summary>[T] ids of a text's tokens; empty for a series.</summary>
    public IReadOnlyList<int> TokenIds { get; init; } = [];

    /// <summary>[T] the tokens as written, empty where a step is none; for a network that reads characters.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>[T,F] scaled numbers of a series; empty for a text.</summary>
    public ReadOnlyMemory<float> Numbers { get; init; }
}
