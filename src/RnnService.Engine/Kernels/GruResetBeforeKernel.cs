using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// The pointwise parts of a GRU step whose reset gate acts before the recurrent product (Cho et al. 2014): n = tanh(W_n x + U_n (r*h[t-1])),
/// h = (1-z)*n + z*h[t-1].
/// </summary>
static unsafe class GruResetBeforeKernel
{
    /// <summary>From r: saves r*h[t-1] for the second product.</summary>
    public readonly struct Forward : ICellOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            var r = TLanes.Load(step.Gate(GateOrder.GruReset) + unit);
            TLanes.Store(r * TLanes.Load(step.PreviousHidden + unit), step.Saved + unit);
        }
    }

    /// <summary>The second sum to n.</summary>
    public readonly struct ForwardSecond : ICellOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            var n = LaneMath.Tanh(TLanes.Load(step.Second + unit));
            var z = TLanes.Load(step.Gate(GateOrder.GruUpdate) + unit);
            TLanes.Store(n, step.Second + unit);
            TLanes.Store(TLanes.MultiplyAdd(z, TLanes.Load(step.PreviousHidden + unit) - n, n), step.Hidden + unit);
        }
    }

    /// <summary>n to the gradient of its sum, z to that of its.</summary>
    public readonly struct BackwardSecond : ICellOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            float* update = step.Gate(GateOrder.GruUpdate) + unit;
            var one = TLanes.Broadcast(1f);
            var dh = TLanes.Load(step.DHidden + unit);
            var z = TLanes.Load(update);
            var n = TLanes.Load(step.Second + unit);
            TLanes.Store(dh * (one - z) * (one - n * n), step.Second + unit);
            TLanes.Store(dh * (TLanes.Load(step.PreviousHidden + unit) - n) * z * (one - z), update);
            TLanes.Store(dh * z, step.DHidden + unit);
        }
    }

    /// <summary>The gradient of r*h[t-1] to that of the sum of r; the gate of n has no part in the first product.</summary>
    public readonly struct Backward : ICellOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            float* reset = step.Gate(GateOrder.GruReset) + unit;
            var r = TLanes.Load(reset);
            var dSaved = TLanes.Load(step.DSaved + unit);
            TLanes.Store(dSaved * TLanes.Load(step.PreviousHidden + unit) * r * (TLanes.Broadcast(1f) - r), reset);
            TLanes.Store(TLanes.Broadcast(0f), step.Gate(GateOrder.GruNew) + unit);
            TLanes.Store(TLanes.MultiplyAdd(dSaved, r, TLanes.Load(step.DHidden + unit)), step.DHidden + unit);
        }
    }
}
