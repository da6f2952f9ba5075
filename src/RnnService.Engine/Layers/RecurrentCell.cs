using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// The pointwise part of one step of a recurrent layer, one row, a range of units. The products around it, the loop over time and the
/// memory are the same for all cells: <see cref="RecurrentLayer"/>, <see cref="RecurrentLoop"/>, <see cref="RecurrentTape"/>.
/// </summary>
/// <remarks>
/// A step is a product with h[t-1] and <see cref="Forward"/>; where a cell needs a result of all units of the same step, what it saved is
/// multiplied by a second matrix and <see cref="ForwardSecond"/> ends the step.
/// </remarks>
abstract class RecurrentCell
{
    /// <summary>G, gates of a unit.</summary>
    public abstract int GateCount { get; }

    /// <summary>F, how many gates, from the first on, have a product with h[t-1].</summary>
    public virtual int FirstGates => GateCount;

    /// <summary>Whether a step has a second product.</summary>
    public virtual bool HasSecondProduct => false;

    /// <summary>Whether its weights are a matrix of their own, with a bias; otherwise they are the rows of the gates after <see cref="FirstGates"/>.</summary>
    public virtual bool HasOutputWeights => false;

    /// <summary>Whether a unit has a cell state c beside its hidden state h.</summary>
    public virtual bool HasCellState => false;

    /// <summary>Whether the forward step keeps a vector for the second product or the backward step beside gates and states.</summary>
    public virtual bool SavesMore => false;

    /// <summary>How many gates, from the first on, have one sum, into which both biases go. Of the others the hidden bias stays apart.</summary>
    public virtual int SharedBiasGates => GateCount;

    /// <summary>Ways around the cell.</summary>
    public TimeConnections Connections { get; private set; }

    /// <summary>The gates hold W·x + b of the steps [from, to): makes of them what the recurrent products are added to.</summary>
    public virtual void BeginForward(RecurrentLayer layer, RecurrentTape tape, int from, int to) { }

    /// <summary>Letters of the gates, as the formulas have them; none for a cell without gates.</summary>
    public virtual IReadOnlyList<string> GateNames => [];

    /// <summary>[H] a gate of all units after the forward pass.</summary>
    /// <param name="tape">of the pass</param>
    /// <param name="gate">index in <see cref="GateNames"/></param>
    /// <param name="index">row of [T*B]</param>
    public virtual ReadOnlySpan<float> Gate(RecurrentTape tape, int gate, int index) => tape.GateRow(gate, index);

    /// <summary>Gates hold the sums of the first product; receives gates and, where there is no second product, the states after the step.</summary>
    public abstract void Forward(in CellStep step, int from, int to);

    /// <summary>The second sums are complete; receives the states after the step.</summary>
    public virtual void ForwardSecond(in CellStep step, int from, int to) => throw new InvalidOperationException("No second product.");

    /// <summary>Turns the second sums' results into their gradients.</summary>
    public virtual void BackwardSecond(in CellStep step, int from, int to) => throw new InvalidOperationException("No second product.");

    /// <summary>Turns the gates into the gradients of the sums of the first product.</summary>
    public abstract void Backward(in CellStep step, int from, int to);

    /// <summary>
    /// The gates of the steps [from, to) hold the gradients of the first product's sums: makes of them those of W·x + b, and the other way round
    /// when it is called again.
    /// </summary>
    public virtual void SwapInputSide(RecurrentTape tape, int from, int to) { }

    /// <summary>The cell of a layer.</summary>
    public static RecurrentCell Create(RecurrentOptions options)
    {
        RecurrentCell cell = options.Cell switch
        {
            CellKind.Lstm => new LstmCell(),
            CellKind.Gru => options.GruForm == GruForm.ResetBefore ? new ResetBeforeGruCell() : new GruCell(),
            _ => options.Activation switch
            {
                CellActivation.Relu => CreateSimple<ReluActivation>(options.Recurrence),
                CellActivation.Sigmoid => CreateSimple<SigmoidActivation>(options.Recurrence),
                _ => CreateSimple<TanhActivation>(options.Recurrence),
            },
        };
        cell.Connections = new TimeConnections((float)options.Leak, options.TimeSkip);
        return cell;
    }

    static RecurrentCell CreateSimple<TActivation>(Recurrence recurrence)
        where TActivation : struct, ICellActivation =>
        recurrence == Recurrence.Jordan ? new JordanCell<TActivation>() : new RnnCell<TActivation>();
}
