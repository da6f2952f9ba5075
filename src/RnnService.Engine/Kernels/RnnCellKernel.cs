using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>The pointwise part of a step of a simple recurrent network (Elman 1990): h = act(sum).</summary>
static unsafe class RnnCellKernel
{
    /// <summary>The sum to h.</summary>
    public readonly struct Forward<TActivation> : ICellOperation
        where TActivation : struct, ICellActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            var h = TActivation.Value(TLanes.Load(step.Gates + unit));
            TLanes.Store(h, step.Gates + unit);
            TLanes.Store(h, step.Hidden + unit);
        }
    }

    /// <summary>h to the gradient of its sum, through which alone h[t-1] enters.</summary>
    public readonly struct Backward<TActivation> : ICellOperation
        where TActivation : struct, ICellActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(in CellStep step, int unit)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes.Store(TLanes.Load(step.DHidden + unit) * TActivation.Slope(TLanes.Load(step.Gates + unit)), step.Gates + unit);
            TLanes.Store(TLanes.Broadcast(0f), step.DHidden + unit);
        }
    }
}
