using RnnService.Models.Decoding;

namespace RnnService.Models.Seq2Seq;

/// <summary>
/// Reads sources and writes targets step by step, several hypotheses side by side. Not thread-safe; the model behind it is shared. Steps
/// allocate nothing.
/// </summary>
public sealed class DecoderSession : IDecoder
{
    internal DecoderSession(Seq2SeqModel model, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        (Model, Rows) = (model, rows);
    }

    /// <summary>The model whose weights are read.</summary>
    public Seq2SeqModel Model { get; }

    /// <summary>The most hypotheses of a step, and the most sources read together.</summary>
    public int Rows { get; }

    /// <summary>Reads sources; the next <see cref="Step"/> is the first one.</summary>
    /// <param name="sources">1 to <see cref="Rows"/> texts' token ids, without begin and end, each of up to <see cref="Seq2SeqSettings.MaxLength"/> of them</param>
    /// <exception cref="ArgumentException">too few or many sources, or a source that is too long</exception>
    /// <exception cref="ArgumentOutOfRangeException">an id is not in the vocabulary</exception>
    public void Begin(IReadOnlyList<int[]> sources) => throw new NotImplementedException();

    /// <summary>Computes <see cref="Logits"/> and <see cref="Attention"/> after one more token of each hypothesis.</summary>
    /// <param name="tokenIds">[N] what each hypothesis has written last, N up to <see cref="Rows"/>; at the first step the token that begins a text</param>
    /// <param name="origins">[N] the hypothesis of the step before that each continues, at the first step its source; several may continue one</param>
    /// <exception cref="ArgumentException">no hypothesis, more than fit, or another number of origins</exception>
    /// <exception cref="ArgumentOutOfRangeException">an id is not in the vocabulary, or no such origin</exception>
    public void Step(ReadOnlySpan<int> tokenIds, ReadOnlySpan<int> origins) => throw new NotImplementedException();

    /// <summary>[V] logits of the token after those that a hypothesis has written; valid until the next step.</summary>
    public ReadOnlySpan<float> Logits(int hypothesis) => throw new NotImplementedException();

    /// <summary>[steps of the source, its end included] how much of each the last step of a hypothesis took in, together 1; empty for a model without attention.</summary>
    public ReadOnlySpan<float> Attention(int hypothesis) => throw new NotImplementedException();
}
