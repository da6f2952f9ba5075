using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Seq2Seq;

/// <summary>
/// r = tanh(Linear([s; c; e])) of some rows of a decoder's steps: those with a target. What padding would give is not computed.
/// </summary>
/// <param name="model">whose readout it is</param>
/// <param name="most">the most rows</param>
sealed class ReadoutPass(Seq2SeqModel model, int most)
{
    readonly int _contextSize = model.Context?.Attention.MemorySize ?? 0;
    readonly int _width = model.Readout.InputSize;
    readonly int _size = model.Readout.OutputSize;
    readonly Tensor _joined = new(most, model.Readout.InputSize);
    readonly Tensor _activated = new(most, model.Readout.OutputSize);
    Tensor? _kept, _dJoined;

    /// <summary>Gives r of the rows, [N,R].</summary>
    /// <param name="rows">[N] of the inputs</param>
    /// <param name="states">[*,H]</param>
    /// <param name="contexts">[*,M], or empty</param>
    /// <param name="embedded">[*,E]</param>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<int> rows, ReadOnlySpan<float> states, ReadOnlySpan<float> contexts, ReadOnlySpan<float> embedded)
    {
        int hidden = model.Settings.HiddenSize, embedding = model.Settings.EmbeddingSize;
        for (int index = 0; index < rows.Length; index++)
        {
            var joined = _joined.Row(index);
            states.Slice(rows[index] * hidden, hidden).CopyTo(joined);
            contexts.Slice(rows[index] * _contextSize, _contextSize).CopyTo(joined[hidden..]);
            embedded.Slice(rows[index] * embedding, embedding).CopyTo(joined[(hidden + _contextSize)..]);
        }
        var activated = _activated.Rows(0, rows.Length);
        model.Readout.Forward(_joined.Rows(0, rows.Length), rows.Length, activated);
        ActivationKernel.Tanh(activated, activated);
        return activated;
    }

    /// <summary>Gives r after dropout, [N,R].</summary>
    /// <param name="dropout">one mask for each number in <paramref name="masks"/></param>
    /// <param name="masks">[N] which mask a row has</param>
    public ReadOnlySpan<float> Drop(DropoutMask dropout, ReadOnlySpan<int> masks)
    {
        var kept = (_kept ??= new Tensor(_activated.Shape)).Rows(0, masks.Length);
        Drop(dropout, masks, _activated.Rows(0, masks.Length), kept);
        return kept;
    }

    /// <summary>The gradients of the inputs from that of r after dropout, which is used up. Adds to the gradients of the parameters.</summary>
    /// <param name="rows">[N] as in the forward pass</param>
    /// <param name="dropout">as in <see cref="Drop(DropoutMask, ReadOnlySpan{int})"/></param>
    /// <param name="masks">[N] as there</param>
    /// <param name="dReadout">[N,R]</param>
    /// <param name="dStates">[*,H] receives the gradient; zero where a row has no part</param>
    /// <param name="dContexts">[*,M] the same, or empty</param>
    /// <param name="dEmbedded">[*,E] the same</param>
    public void Backward(
        ReadOnlySpan<int> rows, DropoutMask dropout, ReadOnlySpan<int> masks, Span<float> dReadout,
        Span<float> dStates, Span<float> dContexts, Span<float> dEmbedded)
    {
        int hidden = model.Settings.HiddenSize, embedding = model.Settings.EmbeddingSize;
        Drop(dropout, masks, dReadout, dReadout);
        ActivationKernel.TanhBackward(_activated.Rows(0, rows.Length), dReadout);
        var dJoined = (_dJoined ??= new Tensor(_joined.Shape)).Rows(0, rows.Length);
        model.Readout.Backward(_joined.Rows(0, rows.Length), rows.Length, dReadout, dJoined);
        dStates.Clear();
        dContexts.Clear();
        dEmbedded.Clear();
        for (int index = 0; index < rows.Length; index++)
        {
            var joined = dJoined.Slice(index * _width, _width);
            joined[..hidden].CopyTo(dStates[(rows[index] * hidden)..]);
            joined.Slice(hidden, _contextSize).CopyTo(dContexts[(rows[index] * _contextSize)..]);
            joined[(hidden + _contextSize)..].CopyTo(dEmbedded[(rows[index] * embedding)..]);
        }
    }

    void Drop(DropoutMask dropout, ReadOnlySpan<int> masks, ReadOnlySpan<float> x, Span<float> destination)
    {
        for (int index = 0; index < masks.Length; index++)
            dropout.For((ulong)masks[index]).Apply(x.Slice(index * _size, _size), _size, destination.Slice(index * _size, _size));
    }
}
