using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// Gated recurrent unit as <c>torch.nn.GRU</c>, the reset gate after the recurrent product: r = σ(W_ir x + b_ir + W_hr h + b_hr), z likewise,
/// n = tanh(W_in x + b_in + r*(W_hn h + b_hn)), h = (1-z)*n + z*h.
/// </summary>
sealed class GruCell : RecurrentCell
{
    public override int GateCount => GateOrder.GruGates;

    public override IReadOnlyList<string> GateNames => GateOrder.GruNames;

    /// <summary>The sum W_in x + b_in, then n, then the gradient of the sum.</summary>
    public override bool SavesMore => true;

    /// <summary>r and z; the hidden bias of n is inside r.</summary>
    public override int SharedBiasGates => GateOrder.GruNew;

    public override void BeginForward(RecurrentLayer layer, RecurrentTape tape, int from, int to)
    {
        tape.CopyGate(GateOrder.GruNew, from, to, tape.Saved!);
        tape.FillGate(GateOrder.GruNew, from, to, layer.BiasHidden.Value.Span[(GateOrder.GruNew * tape.HiddenSize)..]);
    }

    public override void Forward(in CellStep step, int from, int to)
    {
        step.Sigmoid(GateOrder.GruReset, from, to);
        step.Sigmoid(GateOrder.GruUpdate, from, to);
        CellKernel.Run<GruCellKernel.Forward>(step, from, to);
    }

    public override void Backward(in CellStep step, int from, int to) => CellKernel.Run<GruCellKernel.Backward>(step, from, to);

    public override void SwapInputSide(RecurrentTape tape, int from, int to) => tape.SwapGate(GateOrder.GruNew, from, to, tape.Saved!);

    public override ReadOnlySpan<float> Gate(RecurrentTape tape, int gate, int index) =>
        gate == GateOrder.GruNew ? tape.Saved!.Span.Slice(index * tape.HiddenSize, tape.HiddenSize) : base.Gate(tape, gate, index);
}
