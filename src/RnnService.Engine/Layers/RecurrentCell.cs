using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// The pointwise part of one step of a recurrent layer, one row, a range of units. The products around it, the loop over time and the
/// memory are the same for all cells: <see cref="RecurrentLayer"/>, <see cref="RecurrentLoop"/>, <see cref="RecurrentTape"/>.
/// </summary>
abstract class RecurrentCell
{
    /// <summary>G, gates of a unit.</summary>
    public abstract int GateCount { get; }

    /// <summary>Whether a unit has a cell state c beside its hidden state h.</summary>
    public virtual bool HasCellState => false;

    /// <summary>Whether the forward step keeps a vector for the backward step beside gates and states.</summary>
    public virtual bool SavesMore => false;

    /// <summary>How many gates, from the first on, have one sum, into which both biases go. Of the others the hidden bias stays apart.</summary>
    public virtual int SharedBiasGates => GateCount;

    /// <summary>The gates hold W·x + b of all steps: makes of them what the recurrent products are added to.</summary>
    /// <param name="tape">of the pass</param>
    /// <param name="steps">of the pass</param>
    /// <param name="hiddenBias">[G*H]</param>
    public virtual void BeginForward(RecurrentTape tape, int steps, ReadOnlySpan<float> hiddenBias) { }

    /// <summary>Letters of the gates, as the formulas have them; none for a cell without gates.</summary>
    public virtual IReadOnlyList<string> GateNames => [];

    /// <summary>[H] a gate of all units after the forward pass.</summary>
    /// <param name="tape">of the pass</param>
    /// <param name="gate">index in <see cref="GateNames"/></param>
    /// <param name="index">row of [T*B]</param>
    public virtual ReadOnlySpan<float> Gate(RecurrentTape tape, int gate, int index)
    {
        int hiddenSize = tape.HiddenSize;
        return tape.Gates.Span.Slice((index * GateCount + gate) * hiddenSize, hiddenSize);
    }

    /// <summary>Gates hold the sums W·x + U·h[t-1] + b; receives gates and states after the step.</summary>
    public abstract void Forward(in CellStep step, int from, int to);

    /// <summary>Turns the gates into the gradients of their sums.</summary>
    public abstract void Backward(in CellStep step, int from, int to);

    /// <summary>The gates hold the gradients of the recurrent sums of all steps: makes of them those of W·x + b.</summary>
    public virtual void TakeInputSide(RecurrentTape tape, int steps) { }

    /// <summary>The cell of a layer.</summary>
    public static RecurrentCell Create(RecurrentOptions options) => (options.Cell, options.Activation) switch
    {
        (CellKind.Lstm, _) => new LstmCell(),
        (CellKind.Gru, _) => new GruCell(),
        (_, CellActivation.Relu) => new RnnCell<ReluActivation>(),
        (_, CellActivation.Sigmoid) => new RnnCell<SigmoidActivation>(),
        _ => new RnnCell<TanhActivation>(),
    };
}
