using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// One row of A times several neighbouring panels of B. A single row is bound by reading B: four panels are four streams from memory and
/// eight independent sums, which hide the latency of the multiply-add. Same bits as <see cref="GemmTile"/> with one row.
/// </summary>
static unsafe class GemvTile
{
    /// <summary>Panels read side by side.</summary>
    public const int Panels = 4;

    /// <summary>c[p*panelWidth + j] = start[…] + sum over k of a[k] * b[p,k,j] for p of four panels</summary>
    /// <param name="a">[kCount]</param>
    /// <param name="b">four panels [kCount, panelWidth]</param>
    /// <param name="panelStride">distance of panels in bytes</param>
    /// <param name="kCount">number of products in each sum</param>
    /// <param name="start">[4 * panelWidth] what the sums start at: C itself to add to it, a bias, or null for 0</param>
    /// <param name="c">[4 * panelWidth]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLanes, TPanelRow>(float* a, byte* b, nint panelStride, nint kCount, float* start, float* c)
        where TLanes : unmanaged, ILanes<TLanes>
        where TPanelRow : unmanaged, IPanelRow
    {
        TLanes c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        if (start != null)
        {
            c00 = TLanes.Load(start);
            c01 = TLanes.Load(start + TLanes.Width);
            c10 = TLanes.Load(start + 2 * TLanes.Width);
            c11 = TLanes.Load(start + 3 * TLanes.Width);
            c20 = TLanes.Load(start + 4 * TLanes.Width);
            c21 = TLanes.Load(start + 5 * TLanes.Width);
            c30 = TLanes.Load(start + 6 * TLanes.Width);
            c31 = TLanes.Load(start + 7 * TLanes.Width);
        }
        byte* b1 = b + panelStride, b2 = b1 + panelStride, b3 = b2 + panelStride;
        nint offset = 0;
        for (float* end = a + kCount; a < end; a++)
        {
            var value = TLanes.Broadcast(*a);
            TLanes.Accumulate(value, TPanelRow.Left<TLanes>(b + offset), ref c00);
            TLanes.Accumulate(value, TPanelRow.Right<TLanes>(b + offset), ref c01);
            TLanes.Accumulate(value, TPanelRow.Left<TLanes>(b1 + offset), ref c10);
            TLanes.Accumulate(value, TPanelRow.Right<TLanes>(b1 + offset), ref c11);
            TLanes.Accumulate(value, TPanelRow.Left<TLanes>(b2 + offset), ref c20);
            TLanes.Accumulate(value, TPanelRow.Right<TLanes>(b2 + offset), ref c21);
            TLanes.Accumulate(value, TPanelRow.Left<TLanes>(b3 + offset), ref c30);
            TLanes.Accumulate(value, TPanelRow.Right<TLanes>(b3 + offset), ref c31);
            offset += 2 * TLanes.Width * TPanelRow.ColumnBytes;
        }
        TLanes.Store(c00, c);
        TLanes.Store(c01, c + TLanes.Width);
        TLanes.Store(c10, c + 2 * TLanes.Width);
        TLanes.Store(c11, c + 3 * TLanes.Width);
        TLanes.Store(c20, c + 4 * TLanes.Width);
        TLanes.Store(c21, c + 5 * TLanes.Width);
        TLanes.Store(c30, c + 6 * TLanes.Width);
        TLanes.Store(c31, c + 7 * TLanes.Width);
    }
}
