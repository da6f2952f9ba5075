using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>The pointwise parts of a step of Jordan's network: h = act(W x + U y[t-1]), y = act(V h); y is what is carried and put out.</summary>
static unsafe class JordanCellKernel
{
    /// <summary>The sum to h, saved for the second product.</summary>
    public readonly struct Forward<TActivation> : ICellOperation
        where TActivation : struct, ICellActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Store(TActivation.Value(TLanes.Load(step.Gates + unit)), step.Saved + unit);
    }

    /// <summary>The second sum to y.</summary>
    public readonly struct ForwardSecond<TActivation> : ICellOperation
        where TActivation : struct, ICellActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            var y = TActivation.Value(TLanes.Load(step.Second + unit));
            TLanes.Store(y, step.Second + unit);
            TLanes.Store(y, step.Hidden + unit);
        }
    }

    /// <summary>y to the gradient of its sum.</summary>
    public readonly struct BackwardSecond<TActivation> : ICellOperation
        where TActivation : struct, ICellActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes.Store(TLanes.Load(step.DHidden + unit) * TActivation.Slope(TLanes.Load(step.Second + unit)), step.Second + unit);
            TLanes.Store(TLanes.Broadcast(0f), step.DHidden + unit);
        }
    }

    /// <summary>The gradient of h to that of its sum, through which alone y[t-1] enters.</summary>
    public readonly struct Backward<TActivation> : ICellOperation
        where TActivation : struct, ICellActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Store(TLanes.Load(step.DSaved + unit) * TActivation.Slope(TLanes.Load(step.Saved + unit)), step.Gates + unit);
    }
}
