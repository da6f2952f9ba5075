using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Whole tiles of packed rows, one below the other, times the same stretch of a panel. Between two tiles the multipliers rest, so there is
/// little to do: addresses move on by what was worked out before.
/// </summary>
static unsafe class TileColumn
{
    /// <summary>c[r,j] = start[r,j] + sum over k of a[r,k] * b[k,j] for 6 * <paramref name="tiles"/> rows</summary>
    /// <param name="a">tiles [kCount, 6]</param>
    /// <param name="tileStride">distance of tiles</param>
    /// <param name="tiles">their number</param>
    /// <param name="b">[kCount, panelWidth]</param>
    /// <param name="kCount">number of products in each sum</param>
    /// <param name="start">what the sums start at: C itself to add to it, a bias, or null for 0</param>
    /// <param name="startStride">distance of rows of <paramref name="start"/>; 0 where all rows start at the same</param>
    /// <param name="c">[6 * tiles, width]</param>
    /// <param name="cStride">distance of rows of C</param>
    /// <param name="cNext">C of the column that comes after this one; it need not exist</param>
    /// <param name="next">what the first tiles fetch meanwhile</param>
    /// <param name="fetchingNext">how many tiles that is shared by</param>
    /// <param name="ahead">what the tiles after them fetch</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLanes, TWidth>(
        float* a, nint tileStride, int tiles, byte* b, nint kCount, float* start, nint startStride, float* c, nint cStride, float* cNext, Prefetch next,
        int fetchingNext, ref SourceRows ahead)
        where TLanes : unmanaged, ILanes<TLanes>
        where TWidth : IPanelWidth
    {
        nint startStep = start == null ? 0 : GemmTile.MaxRows * startStride, cStep = GemmTile.MaxRows * cStride;
        int turns = (int)kCount / GemmTile.StepsOfTurn;
        nint turnsDistance = next.DistanceOf(turns);
        for (; tiles > 0; tiles--)
        {
            var fetched = next;
            if (--fetchingNext < 0)
                fetched = ahead.Take(turns);
            else
                next = next.Plus(turnsDistance);
            // The sums of a tile start at C: fetching the next tile's while this one is computed hides the way to memory.
            Prefetch.TileRows(tiles > 1 ? c + cStep : cNext, cStride, TWidth.Vectors * TLanes.Width - 1);
            GemmTile.MultiplySix<TLanes, FloatRow, PackedRows, TWidth>(a, 1, b, kCount, start, startStride, c, cStride, fetched);
            a += tileStride;
            start += startStep;
            c += cStep;
        }
    }
}
