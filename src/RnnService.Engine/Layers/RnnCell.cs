using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>A simple recurrent network (Elman 1990) as <c>torch.nn.RNN</c>: h = act(W_ih x + b_ih + W_hh h + b_hh).</summary>
sealed class RnnCell<TActivation> : RecurrentCell
    where TActivation : struct, ICellActivation
{
    public override int GateCount => 1;

    public override void Forward(in CellStep step, int from, int to) => CellKernel.Run<RnnCellKernel.Forward<TActivation>>(step, from, to);

    public override void Backward(in CellStep step, int from, int to) => CellKernel.Run<RnnCellKernel.Backward<TActivation>>(step, from, to);
}
