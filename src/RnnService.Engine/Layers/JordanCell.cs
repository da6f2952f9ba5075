using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// Jordan's network (1986), which feeds its output back: h = act(W_ih x + b_ih + W_hh y[t-1] + b_hh), y = act(W_ho h + b_ho), both of H units. y is
/// the state and the output of the layer.
/// </summary>
sealed class JordanCell<TActivation> : RecurrentCell
    where TActivation : struct, ICellActivation
{
    public override int GateCount => 1;

    /// <summary>h.</summary>
    public override bool SavesMore => true;

    public override bool HasSecondProduct => true;

    public override bool HasOutputWeights => true;

    /// <summary>Second sums start at b_ho.</summary>
    public override void BeginForward(RecurrentLayer layer, RecurrentTape tape, int from, int to)
    {
        var bias = layer.BiasOutput!.Value.Span;
        for (int row = from * tape.BatchSize; row < to * tape.BatchSize; row++)
            bias.CopyTo(tape.Second!.Span[(row * tape.HiddenSize)..]);
    }

    public override void Forward(in CellStep step, int from, int to) => CellKernel.Run<JordanCellKernel.Forward<TActivation>>(step, from, to);

    public override void ForwardSecond(in CellStep step, int from, int to) =>
        CellKernel.Run<JordanCellKernel.ForwardSecond<TActivation>>(step, from, to);

    public override void BackwardSecond(in CellStep step, int from, int to) =>
        CellKernel.Run<JordanCellKernel.BackwardSecond<TActivation>>(step, from, to);

    public override void Backward(in CellStep step, int from, int to) => CellKernel.Run<JordanCellKernel.Backward<TActivation>>(step, from, to);
}
