using System.Diagnostics.CodeAnalysis;

namespace RnnService.Models.Decoding;

/// <summary>
/// A model that writes token by token, as a search sees it: several hypotheses of several sources side by side. Not thread-safe; what a
/// call gives is valid until the next one.
/// </summary>
public interface IDecoder
{
    /// <summary>Reads the sources; the hypotheses of whatever was read before are gone.</summary>
    /// <param name="sources">token ids of each, without the end</param>
    void Begin(IReadOnlyList<int[]> sources);

    /// <summary>Writes a token to each hypothesis.</summary>
    /// <param name="tokenIds">[R] what hypothesis i has written</param>
    /// <param name="origins">[R] which hypothesis of the step before hypothesis i continues, of the first step: which source. Several may
    /// continue the same.</param>
    [SuppressMessage("Naming", "CA1716", Justification = "A step is the field's word; Visual Basic implements no decoders.")]
    void Step(ReadOnlySpan<int> tokenIds, ReadOnlySpan<int> origins);

    /// <summary>Logits of the token after the one written last, [V].</summary>
    ReadOnlySpan<float> Logits(int hypothesis);

    /// <summary>Weights of the source's steps in the last step, the end included, [S]; empty where the model has no attention.</summary>
    ReadOnlySpan<float> Attention(int hypothesis) => [];
}
