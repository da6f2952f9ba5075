using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// Gated recurrent unit as Cho et al. 2014 published it, the reset gate before the recurrent product: r = σ(W_ir x + b_ir + W_hr h + b_hr),
/// z likewise, n = tanh(W_in x + b_in + W_hn (r*h) + b_hn), h = (1-z)*n + z*h. ONNX calls it <c>linear_before_reset = 0</c>.
/// </summary>
sealed class ResetBeforeGruCell : RecurrentCell
{
    public override int GateCount => GateOrder.GruGates;

    public override IReadOnlyList<string> GateNames => GateOrder.GruNames;

    /// <summary>r and z; n has the second product.</summary>
    public override int FirstGates => GateOrder.GruNew;

    public override bool HasSecondProduct => true;

    /// <summary>r*h[t-1].</summary>
    public override bool SavesMore => true;

    /// <summary>Second sums start at W_in x + b.</summary>
    public override void BeginForward(RecurrentLayer layer, RecurrentTape tape, int from, int to) =>
        tape.CopyGate(GateOrder.GruNew, from, to, tape.Second!);

    public override void Forward(in CellStep step, int from, int to)
    {
        step.Sigmoid(GateOrder.GruReset, from, to);
        step.Sigmoid(GateOrder.GruUpdate, from, to);
        CellKernel.Run<GruResetBeforeKernel.Forward>(step, from, to);
    }

    public override void ForwardSecond(in CellStep step, int from, int to) => CellKernel.Run<GruResetBeforeKernel.ForwardSecond>(step, from, to);

    public override void BackwardSecond(in CellStep step, int from, int to) => CellKernel.Run<GruResetBeforeKernel.BackwardSecond>(step, from, to);

    public override void Backward(in CellStep step, int from, int to) => CellKernel.Run<GruResetBeforeKernel.Backward>(step, from, to);

    public override void SwapInputSide(RecurrentTape tape, int from, int to) => tape.SwapGate(GateOrder.GruNew, from, to, tape.Second!);

    public override ReadOnlySpan<float> Gate(RecurrentTape tape, int gate, int index) =>
        gate == GateOrder.GruNew ? tape.Second!.Span.Slice(index * tape.HiddenSize, tape.HiddenSize) : base.Gate(tape, gate, index);
}
