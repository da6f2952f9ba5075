using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// The innermost product: up to six rows of A times one panel of B, two vectors wide, or its left vector, sums in registers. Each element is one
/// chain of multiply-adds over k in order, from where it starts: its bits do not depend on the rows computed beside it, on how k is
/// cut into blocks, or on the number of threads.
/// </summary>
static unsafe class GemmTile
{
    /// <summary>The most rows of a tile: 6 rows x 2 vectors are 12 sums, which with two of B and one of A fit 16 registers.</summary>
    public const int MaxRows = 6;

    /// <summary>Steps over k in a turn of the loop: counting turns and asking for memory takes the processor's time as well.</summary>
    public const int StepsOfTurn = 4;

    /// <summary>c[r,j] = start[r,j] + sum over k of a[r,k] * b[k,j]</summary>
    /// <param name="a">first element of the rows, which lie as <typeparamref name="TTileRows"/> says</param>
    /// <param name="rowStride">distance of rows of A, where it is not given by their type</param>
    /// <param name="b">[kCount, panelWidth] with panelWidth twice the lane width</param>
    /// <param name="kCount">number of products in each sum</param>
    /// <param name="rows">1 to <see cref="MaxRows"/></param>
    /// <param name="start">[rows, width] what the sums start at: C itself to add to it, a bias, or null for 0</param>
    /// <param name="startStride">distance of rows of <paramref name="start"/>; 0 where all rows start at the same</param>
    /// <param name="c">[rows, width] with row distance <paramref name="cStride"/></param>
    /// <param name="cStride">distance of rows of C</param>
    /// <param name="next">what to fetch meanwhile</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<TLanes, TPanelRow, TTileRows, TWidth>(float* a, nint rowStride, byte* b, nint kCount, int rows, float* start, nint startStride, float* c, nint cStride, Prefetch next)
        where TLanes : unmanaged, ILanes<TLanes>
        where TPanelRow : unmanaged, IPanelRow
        where TTileRows : unmanaged, ITileRows
        where TWidth : IPanelWidth
    {
        switch (rows)
        {
            case 1: Tile<TLanes, TPanelRow, TTileRows, TWidth, Rows1>(a, rowStride, b, kCount, start, startStride, c, cStride, next); break;
            case 2: Tile<TLanes, TPanelRow, TTileRows, TWidth, Rows2>(a, rowStride, b, kCount, start, startStride, c, cStride, next); break;
            case 3: Tile<TLanes, TPanelRow, TTileRows, TWidth, Rows3>(a, rowStride, b, kCount, start, startStride, c, cStride, next); break;
            case 4: Tile<TLanes, TPanelRow, TTileRows, TWidth, Rows4>(a, rowStride, b, kCount, start, startStride, c, cStride, next); break;
            case 5: Tile<TLanes, TPanelRow, TTileRows, TWidth, Rows5>(a, rowStride, b, kCount, start, startStride, c, cStride, next); break;
            default: Tile<TLanes, TPanelRow, TTileRows, TWidth, Rows6>(a, rowStride, b, kCount, start, startStride, c, cStride, next); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<TLanes, TPanelRow, TTileRows, TWidth, TCount>(float* a, nint rowStride, byte* b, nint kCount, float* start, nint startStride, float* c, nint cStride, Prefetch next)
        where TLanes : unmanaged, ILanes<TLanes>
        where TPanelRow : unmanaged, IPanelRow
        where TTileRows : unmanaged, ITileRows
        where TWidth : IPanelWidth
        where TCount : IRowCount
    {
        TLanes c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        TLanes c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        if (start != null)
        {
            c00 = TLanes.Load(start);
            if (TWidth.Vectors > 1)
                c01 = TLanes.Load(start + TLanes.Width);
            if (TCount.Count > 1)
            {
                start += startStride;
                c10 = TLanes.Load(start);
                if (TWidth.Vectors > 1)
                    c11 = TLanes.Load(start + TLanes.Width);
            }
            if (TCount.Count > 2)
            {
                start += startStride;
                c20 = TLanes.Load(start);
                if (TWidth.Vectors > 1)
                    c21 = TLanes.Load(start + TLanes.Width);
            }
            if (TCount.Count > 3)
            {
                start += startStride;
                c30 = TLanes.Load(start);
                if (TWidth.Vectors > 1)
                    c31 = TLanes.Load(start + TLanes.Width);
            }
            if (TCount.Count > 4)
            {
                start += startStride;
                c40 = TLanes.Load(start);
                if (TWidth.Vectors > 1)
                    c41 = TLanes.Load(start + TLanes.Width);
            }
            if (TCount.Count > 5)
            {
                start += startStride;
                c50 = TLanes.Load(start);
                if (TWidth.Vectors > 1)
                    c51 = TLanes.Load(start + TLanes.Width);
            }
        }
        nint rowBytes = 2 * TLanes.Width * TPanelRow.ColumnBytes;
        byte* end = b + kCount * rowBytes;
        for (byte* last = end - (StepsOfTurn - 1) * rowBytes; b < last; b += StepsOfTurn * rowBytes)
        {
            Step<TLanes, TPanelRow, TTileRows, TWidth, TCount>(0, a, rowStride, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step<TLanes, TPanelRow, TTileRows, TWidth, TCount>(1, a, rowStride, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step<TLanes, TPanelRow, TTileRows, TWidth, TCount>(2, a, rowStride, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step<TLanes, TPanelRow, TTileRows, TWidth, TCount>(3, a, rowStride, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            a += StepsOfTurn * TTileRows.StepStride;
            next = next.Turn();
        }
        for (; b < end; b += rowBytes, a += TTileRows.StepStride)
            Step<TLanes, TPanelRow, TTileRows, TWidth, TCount>(0, a, rowStride, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
        TLanes.Store(c00, c);
        if (TWidth.Vectors > 1)
            TLanes.Store(c01, c + TLanes.Width);
        if (TCount.Count > 1)
        {
            c += cStride;
            TLanes.Store(c10, c);
            if (TWidth.Vectors > 1)
                TLanes.Store(c11, c + TLanes.Width);
        }
        if (TCount.Count > 2)
        {
            c += cStride;
            TLanes.Store(c20, c);
            if (TWidth.Vectors > 1)
                TLanes.Store(c21, c + TLanes.Width);
        }
        if (TCount.Count > 3)
        {
            c += cStride;
            TLanes.Store(c30, c);
            if (TWidth.Vectors > 1)
                TLanes.Store(c31, c + TLanes.Width);
        }
        if (TCount.Count > 4)
        {
            c += cStride;
            TLanes.Store(c40, c);
            if (TWidth.Vectors > 1)
                TLanes.Store(c41, c + TLanes.Width);
        }
        if (TCount.Count > 5)
        {
            c += cStride;
            TLanes.Store(c50, c);
            if (TWidth.Vectors > 1)
                TLanes.Store(c51, c + TLanes.Width);
        }
    }

    // One step over k, so many after the turn's first. The sums are references because a result that is returned is moved to its register once more.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<TLanes, TPanelRow, TTileRows, TWidth, TCount>(
        nint step, float* a, nint rowStride, byte* b, ref TLanes c00, ref TLanes c01, ref TLanes c10, ref TLanes c11,
        ref TLanes c20, ref TLanes c21, ref TLanes c30, ref TLanes c31, ref TLanes c40, ref TLanes c41, ref TLanes c50, ref TLanes c51)
        where TLanes : unmanaged, ILanes<TLanes>
        where TPanelRow : unmanaged, IPanelRow
        where TTileRows : unmanaged, ITileRows
        where TWidth : IPanelWidth
        where TCount : IRowCount
    {
        nint rowBytes = 2 * TLanes.Width * TPanelRow.ColumnBytes, k = step * TTileRows.StepStride;
        rowStride = TTileRows.RowStride(rowStride);
        var b0 = TPanelRow.Left<TLanes>(b + step * rowBytes);
        var b1 = TWidth.Vectors > 1 ? TPanelRow.Right<TLanes>(b + step * rowBytes) : default;
        var value = TLanes.Broadcast(a[k]);
        TLanes.Accumulate(value, b0, ref c00);
        if (TWidth.Vectors > 1)
            TLanes.Accumulate(value, b1, ref c01);
        if (TCount.Count > 1)
        {
            value = TLanes.Broadcast(a[rowStride + k]);
            TLanes.Accumulate(value, b0, ref c10);
            if (TWidth.Vectors > 1)
                TLanes.Accumulate(value, b1, ref c11);
        }
        if (TCount.Count > 2)
        {
            value = TLanes.Broadcast(a[2 * rowStride + k]);
            TLanes.Accumulate(value, b0, ref c20);
            if (TWidth.Vectors > 1)
                TLanes.Accumulate(value, b1, ref c21);
        }
        if (TCount.Count > 3)
        {
            value = TLanes.Broadcast(a[3 * rowStride + k]);
            TLanes.Accumulate(value, b0, ref c30);
            if (TWidth.Vectors > 1)
                TLanes.Accumulate(value, b1, ref c31);
        }
        if (TCount.Count > 4)
        {
            value = TLanes.Broadcast(a[4 * rowStride + k]);
            TLanes.Accumulate(value, b0, ref c40);
            if (TWidth.Vectors > 1)
                TLanes.Accumulate(value, b1, ref c41);
        }
        if (TCount.Count > 5)
        {
            value = TLanes.Broadcast(a[5 * rowStride + k]);
            TLanes.Accumulate(value, b0, ref c50);
            if (TWidth.Vectors > 1)
                TLanes.Accumulate(value, b1, ref c51);
        }
    }
}
