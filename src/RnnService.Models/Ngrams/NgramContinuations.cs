namespace RnnService.Models.Ngrams;

/// <summary>What followed a context in a text: nothing where the context does not occur.</summary>
/// <param name="tokens">ascending</param>
/// <param name="counts">how often each followed</param>
/// <param name="total">how often anything did, also what was too rare to be kept</param>
public readonly ref struct NgramContinuations(ReadOnlySpan<int> tokens, ReadOnlySpan<int> counts, long total)
{
    /// <summary>The tokens, ascending.</summary>
    public ReadOnlySpan<int> Tokens { get; } = tokens;

    /// <summary>How often each followed.</summary>
    public ReadOnlySpan<int> Counts { get; } = counts;

    /// <summary>How often anything did, also what was too rare to be kept.</summary>
    public long Total { get; } = total;
}
