using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// Long short-term memory as <c>torch.nn.LSTM</c>: i = σ(W_ii x + b_ii + W_hi h + b_hi), f and o likewise, g = tanh(…), c = f*c + i*g,
/// h = o*tanh(c).
/// </summary>
sealed class LstmCell : RecurrentCell
{
    public override int GateCount => GateOrder.LstmGates;

    public override IReadOnlyList<string> GateNames => GateOrder.LstmNames;

    public override bool HasCellState => true;

    /// <summary>tanh(c).</summary>
    public override bool SavesMore => true;

    public override void Forward(in CellStep step, int from, int to)
    {
        step.Sigmoid(GateOrder.LstmInput, from, to);
        step.Sigmoid(GateOrder.LstmForget, from, to);
        step.Tanh(GateOrder.LstmCandidate, from, to);
        step.Sigmoid(GateOrder.LstmOutput, from, to);
        CellKernel.Run<LstmCellKernel.Forward>(step, from, to);
    }

    public override void Backward(in CellStep step, int from, int to) => CellKernel.Run<LstmCellKernel.Backward>(step, from, to);
}
