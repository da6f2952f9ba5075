using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// The pointwise part of an LSTM step (Hochreiter and Schmidhuber 1997; forget gate by Gers et al. 2000): c = f*c[t-1] + i*g,
/// h = o*tanh(c).
/// </summary>
static unsafe class LstmCellKernel
{
    /// <summary>From i, f, g, o: writes c, h, and saves tanh(c).</summary>
    public readonly struct Forward : ICellOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            var i = TLanes.Load(step.Gate(GateOrder.LstmInput) + unit);
            var f = TLanes.Load(step.Gate(GateOrder.LstmForget) + unit);
            var g = TLanes.Load(step.Gate(GateOrder.LstmCandidate) + unit);
            var o = TLanes.Load(step.Gate(GateOrder.LstmOutput) + unit);
            var c = TLanes.MultiplyAdd(f, TLanes.Load(step.PreviousCell + unit), i * g);
            var tanh = LaneMath.Tanh(c);
            TLanes.Store(c, step.Cell + unit);
            TLanes.Store(tanh, step.Saved + unit);
            TLanes.Store(o * tanh, step.Hidden + unit);
        }
    }

    /// <summary>Gates to the gradients of their sums; the gradient of c[t] to that of c[t-1]. h[t-1] enters through the gates alone.</summary>
    public readonly struct Backward : ICellOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            float* input = step.Gate(GateOrder.LstmInput) + unit, forget = step.Gate(GateOrder.LstmForget) + unit;
            float* candidate = step.Gate(GateOrder.LstmCandidate) + unit, output = step.Gate(GateOrder.LstmOutput) + unit;
            var one = TLanes.Broadcast(1f);
            var i = TLanes.Load(input);
            var f = TLanes.Load(forget);
            var g = TLanes.Load(candidate);
            var o = TLanes.Load(output);
            var tanh = TLanes.Load(step.Saved + unit);
            var dh = TLanes.Load(step.DHidden + unit);
            var dc = TLanes.MultiplyAdd(dh * o, one - tanh * tanh, TLanes.Load(step.DCell + unit));
            TLanes.Store(dc * g * i * (one - i), input);
            TLanes.Store(dc * TLanes.Load(step.PreviousCell + unit) * f * (one - f), forget);
            TLanes.Store(dc * i * (one - g * g), candidate);
            TLanes.Store(dh * tanh * o * (one - o), output);
            TLanes.Store(dc * f, step.DCell + unit);
            TLanes.Store(TLanes.Broadcast(0f), step.DHidden + unit);
        }
    }
}
