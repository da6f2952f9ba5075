using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>Runs the pointwise part of a cell's step over a range of units, on the tier in use.</summary>
static class CellKernel
{
    /// <summary>Does the units [from, to) of one row.</summary>
    public static void Run<TOperation>(in CellStep step, int from, int to)
        where TOperation : struct, ICellOperation
    {
        int unit = SimdTiers.Current switch
        {
            SimdTier.Avx512 => Run<TOperation, Lanes512>(step, from, to),
            SimdTier.Avx2 => Run<TOperation, Lanes256>(step, from, to),
            SimdTier.Vector128 => Run<TOperation, Lanes128>(step, from, to),
            _ => from,
        };
        Run<TOperation, ScalarLanes>(step, unit, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Run<TOperation, TLanes>(in CellStep step, int from, int to)
        where TOperation : struct, ICellOperation
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int unit = from;
        for (; unit + TLanes.Width <= to; unit += TLanes.Width)
            TOperation.Apply<TLanes>(step, unit);
        return unit;
    }
}
