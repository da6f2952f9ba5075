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
    public abstract bool HasCellState { get; }

    /// <summary>Whether the forward step keeps a vector for the backward step beside gates and states.</summary>
    public abstract bool SavesMore { get; }

    /// <summary>Letters of the gates, as the formulas have them; none for a cell without gates.</summary>
    public virtual IReadOnlyList<string> GateNames => [];

    /// <summary>[H] a gate of all units after the forward pass.</summary>
    /// <param name="tape">of the pass</param>
    /// <param name="gate">index in <see cref="GateNames"/></param>
    /// <param name="index">row of [T*B]</param>
    public virtual ReadOnlySpan<float> Gate(RecurrentTape tape, int gate, int index)
    {
        int hiddenSize = tape.Hidden.Shape[2];
        return tape.Gates.Span.Slice((index * GateCount + gate) * hiddenSize, hiddenSize);
    }

    /// <summary>Gates hold the sums W·x + U·h[t-1] + b; receives gates and states after the step.</summary>
    public abstract void Forward(in CellStep step, int from, int to);

    /// <summary>Turns the gates into the gradients of their sums.</summary>
    public abstract void Backward(in CellStep step, int from, int to);

    /// <exception cref="NotSupportedException">a cell the engine does not compute</exception>
    public static RecurrentCell Create(RecurrentOptions options) => options.Cell switch
    {
        CellKind.Lstm => new LstmCell(),
        _ => throw new NotSupportedException($"cell: found {options.Cell}, expected {CellKind.Lstm}."),
    };
}
