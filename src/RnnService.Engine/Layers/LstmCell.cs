using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// Long short-term memory as <c>torch.nn.LSTM</c>: i = σ(W_ii x + b_ii + W_hi h + b_hi), f and o likewise, g = tanh(…), c = f*c + i*g,
/// h = o*tanh(c).
/// </summary>
sealed unsafe class LstmCell : RecurrentCell
{
    public override int GateCount => GateOrder.LstmGates;

    public override IReadOnlyList<string> GateNames => GateOrder.LstmNames;

    public override bool HasCellState => true;

    /// <summary>tanh(c).</summary>
    public override bool SavesMore => true;

    public override void Forward(in CellStep step, int from, int to) =>
        LstmCellKernel.Forward(step.Gates, step.PreviousCell, step.HiddenSize, from, to, step.Cell, step.Saved, step.Hidden);

    public override void Backward(in CellStep step, int from, int to)
    {
        LstmCellKernel.Backward(step.Gates, step.PreviousCell, step.Saved, step.DHidden, step.HiddenSize, from, to, step.DCell);
        // h[t-1] enters through the gates alone.
        new Span<float>(step.DHidden + from, to - from).Clear();
    }
}
