namespace RnnService.Models.Decoding;

/// <summary>How a text is continued and where it ends.</summary>
public sealed record GenerationOptions
{
    /// <summary>At most this many tokens, 1 or more.</summary>
    public int MaxTokens { get; init; } = 100;

    /// <summary>How each token is drawn.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The text ends before the first of these strings; none of them is empty.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <exception cref="ArgumentException">a value outside its range; the message names it</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTokens, 1);
        Sampling.Validate();
        if (Stop.Any(string.IsNullOrEmpty))
            throw new ArgumentException("A stop string has at least one character.", nameof(Stop));
    }
}
