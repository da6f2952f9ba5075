using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// The pointwise part of a GRU step whose reset gate acts after the recurrent product (cuDNN, PyTorch): n = tanh(W_n x + r*(U_n h[t-1])),
/// h = (1-z)*n + z*h[t-1].
/// </summary>
/// <remarks>Two sums make n: the recurrent one stands in its gate, that of the input is saved beside.</remarks>
static unsafe class GruCellKernel
{
    /// <summary>From r and z: n replaces the saved sum of the input.</summary>
    public readonly struct Forward : ICellOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            var r = TLanes.Load(step.Gate(GateOrder.GruReset) + unit);
            var z = TLanes.Load(step.Gate(GateOrder.GruUpdate) + unit);
            var recurrent = TLanes.Load(step.Gate(GateOrder.GruNew) + unit);
            var n = LaneMath.Tanh(TLanes.MultiplyAdd(r, recurrent, TLanes.Load(step.Saved + unit)));
            TLanes.Store(n, step.Saved + unit);
            TLanes.Store(TLanes.MultiplyAdd(z, TLanes.Load(step.PreviousHidden + unit) - n, n), step.Hidden + unit);
        }
    }

    /// <summary>Gates to the gradients of their recurrent sums; n to the gradient of its sum of the input.</summary>
    public readonly struct Backward : ICellOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            float* reset = step.Gate(GateOrder.GruReset) + unit, update = step.Gate(GateOrder.GruUpdate) + unit;
            float* recurrent = step.Gate(GateOrder.GruNew) + unit;
            var one = TLanes.Broadcast(1f);
            var r = TLanes.Load(reset);
            var z = TLanes.Load(update);
            var n = TLanes.Load(step.Saved + unit);
            var dh = TLanes.Load(step.DHidden + unit);
            var dSum = dh * (one - z) * (one - n * n);
            TLanes.Store(dSum * TLanes.Load(recurrent) * r * (one - r), reset);
            TLanes.Store(dh * (TLanes.Load(step.PreviousHidden + unit) - n) * z * (one - z), update);
            TLanes.Store(dSum * r, recurrent);
            TLanes.Store(dSum, step.Saved + unit);
            TLanes.Store(dh * z, step.DHidden + unit);
        }
    }
}
