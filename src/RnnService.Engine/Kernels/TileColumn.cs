using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Whole tiles of packed rows, one below the other, times the same stretch of a panel. Between two tiles the multipliers rest, so there is
/// little to do: addresses move on by what was worked out before.
/// </summary>
static unsafe class TileColumn
{
    /// <summary>target[r,j] = source[r,j] + sum over k of a[r,k] * b[k,j] for 6 * <paramref name="tiles"/> rows</summary>
    /// <param name="a">tiles [kCount, 6]</param>
    /// <param name="tileStride">distance of tiles</param>
    /// <param name="tiles">their number</param>
    /// <param name="b">[kCount, panelWidth]</param>
    /// <param name="kCount">number of products in each sum</param>
    /// <param name="source">what the sums start at</param>
    /// <param name="target">where they go</param>
    /// <param name="far">source or target, whichever lies farther away</param>
    /// <param name="farNext">the same of the column that comes after this one; it need not exist</param>
    /// <param name="next">what the first tiles fetch meanwhile</param>
    /// <param name="fetchingNext">how many tiles that is shared by</param>
    /// <param name="ahead">what the tiles after them fetch</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLanes, TWidth>(
        float* a, nint tileStride, int tiles, byte* b, nint kCount, SumRows source, SumRows target, SumRows far, float* farNext, Prefetch next,
        int fetchingNext, ref SourceRows ahead)
        where TLanes : unmanaged, ILanes<TLanes>
        where TWidth : IPanelWidth
    {
        int turns = (int)kCount / GemmTile.StepsOfTurn;
        float* start = source.Start, c = target.Start, farTile = far.Start;
        nint startStride = source.Stride, cStride = target.Stride, farStride = far.Stride;
        nint startStep = start == null ? 0 : GemmTile.MaxRows * startStride, cStep = GemmTile.MaxRows * cStride, farStep = GemmTile.MaxRows * farStride;
        for (; tiles > 0; tiles--)
        {
            var fetched = next;
            if (--fetchingNext < 0)
                fetched = ahead.Take(turns);
            else
                next = next.Skip(turns);
            // Fetching what the next tile's sums start at, or go to, while this one is computed hides the way to memory.
            farTile += farStep;
            Prefetch.TileRows(tiles > 1 ? farTile : farNext, farStride, TWidth.Vectors * TLanes.Width - 1);
            GemmTile.Multiply<TLanes, FloatRow, PackedRows, TWidth>(a, 1, b, kCount, GemmTile.MaxRows, start, startStride, c, cStride, fetched);
            a += tileStride;
            start += startStep;
            c += cStep;
        }
    }
}
