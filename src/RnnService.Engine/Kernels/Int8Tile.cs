using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>The innermost 8-bit products: sums of whole numbers, kept in registers, the same for every tier and tiling.</summary>
static unsafe class Int8Tile
{
    /// <summary>The most rows of a tile: 4 rows x 2 vectors are 8 sums, which with the weights and what lies between fit 16 registers.</summary>
    public const int MaxRows = 4;

    /// <summary>Panels that <see cref="MultiplyRow"/> reads side by side.</summary>
    public const int Panels = 4;

    /// <summary>sums[r,j] = start[j] + sum over k of a[r,k]·b[k,j]</summary>
    /// <param name="a">first word of the rows, as <see cref="QuantizedRows"/> keeps them</param>
    /// <param name="aStride">distance of rows in words</param>
    /// <param name="rows">1 to <see cref="MaxRows"/></param>
    /// <param name="b">[words, panelWidth, 4] a panel</param>
    /// <param name="words">K/4</param>
    /// <param name="start">[panelWidth]</param>
    /// <param name="sums">[rows, panelWidth]</param>
    /// <param name="next">what to fetch meanwhile</param>
    public static void Multiply<TLanes>(int* a, nint aStride, int rows, sbyte* b, nint words, int* start, int* sums, Prefetch next)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        switch (rows)
        {
            case 1: Tile<TLanes, Rows1>(a, aStride, b, words, start, sums, next); break;
            case 2: Tile<TLanes, Rows2>(a, aStride, b, words, start, sums, next); break;
            case 3: Tile<TLanes, Rows3>(a, aStride, b, words, start, sums, next); break;
            default: Tile<TLanes, Rows4>(a, aStride, b, words, start, sums, next); break;
        }
    }

    /// <summary>sums[p,j] = start[p,j] + sum over k of a[k]·b[p,k,j] for p of four panels: four streams from memory, which bound a single row.</summary>
    /// <param name="a">first word of the row</param>
    /// <param name="b">[words, panelWidth, 4] the first panel</param>
    /// <param name="panelStride">distance of panels in bytes</param>
    /// <param name="words">K/4</param>
    /// <param name="start">[4, panelWidth]</param>
    /// <param name="sums">[4, panelWidth]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(int* a, sbyte* b, nint panelStride, nint words, int* start, int* sums)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        var c00 = TLanes.Load(start);
        var c01 = TLanes.Load(start + TLanes.Width);
        var c10 = TLanes.Load(start + 2 * TLanes.Width);
        var c11 = TLanes.Load(start + 3 * TLanes.Width);
        var c20 = TLanes.Load(start + 4 * TLanes.Width);
        var c21 = TLanes.Load(start + 5 * TLanes.Width);
        var c30 = TLanes.Load(start + 6 * TLanes.Width);
        var c31 = TLanes.Load(start + 7 * TLanes.Width);
        sbyte* b1 = b + panelStride, b2 = b1 + panelStride, b3 = b2 + panelStride;
        nint offset = 0;
        for (nint word = 0; word < words; word++)
        {
            var values = TLanes.Broadcast(a[word]);
            c00 = TLanes.AddProducts(c00, values, b + offset);
            c01 = TLanes.AddProducts(c01, values, b + offset + 4 * TLanes.Width);
            c10 = TLanes.AddProducts(c10, values, b1 + offset);
            c11 = TLanes.AddProducts(c11, values, b1 + offset + 4 * TLanes.Width);
            c20 = TLanes.AddProducts(c20, values, b2 + offset);
            c21 = TLanes.AddProducts(c21, values, b2 + offset + 4 * TLanes.Width);
            c30 = TLanes.AddProducts(c30, values, b3 + offset);
            c31 = TLanes.AddProducts(c31, values, b3 + offset + 4 * TLanes.Width);
            offset += 8 * TLanes.Width;
        }
        TLanes.Store(c00, sums);
        TLanes.Store(c01, sums + TLanes.Width);
        TLanes.Store(c10, sums + 2 * TLanes.Width);
        TLanes.Store(c11, sums + 3 * TLanes.Width);
        TLanes.Store(c20, sums + 4 * TLanes.Width);
        TLanes.Store(c21, sums + 5 * TLanes.Width);
        TLanes.Store(c30, sums + 6 * TLanes.Width);
        TLanes.Store(c31, sums + 7 * TLanes.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<TLanes, TCount>(int* a, nint aStride, sbyte* b, nint words, int* start, int* sums, Prefetch next)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
        where TCount : IRowCount
    {
        TLanes c00 = TLanes.Load(start), c10 = c00, c20 = c00, c30 = c00;
        TLanes c01 = TLanes.Load(start + TLanes.Width), c11 = c01, c21 = c01, c31 = c01;
        int* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
        for (nint word = 0; word < words; word++)
        {
            var values = TLanes.Broadcast(a[word]);
            c00 = TLanes.AddProducts(c00, values, b);
            c01 = TLanes.AddProducts(c01, values, b + 4 * TLanes.Width);
            if (TCount.Count > 1)
            {
                values = TLanes.Broadcast(a1[word]);
                c10 = TLanes.AddProducts(c10, values, b);
                c11 = TLanes.AddProducts(c11, values, b + 4 * TLanes.Width);
            }
            if (TCount.Count > 2)
            {
                values = TLanes.Broadcast(a2[word]);
                c20 = TLanes.AddProducts(c20, values, b);
                c21 = TLanes.AddProducts(c21, values, b + 4 * TLanes.Width);
            }
            if (TCount.Count > 3)
            {
                values = TLanes.Broadcast(a3[word]);
                c30 = TLanes.AddProducts(c30, values, b);
                c31 = TLanes.AddProducts(c31, values, b + 4 * TLanes.Width);
            }
            b += 8 * TLanes.Width;
            next = next.Turn();
        }
        TLanes.Store(c00, sums);
        TLanes.Store(c01, sums + TLanes.Width);
        if (TCount.Count > 1)
        {
            TLanes.Store(c10, sums + 2 * TLanes.Width);
            TLanes.Store(c11, sums + 3 * TLanes.Width);
        }
        if (TCount.Count > 2)
        {
            TLanes.Store(c20, sums + 4 * TLanes.Width);
            TLanes.Store(c21, sums + 5 * TLanes.Width);
        }
        if (TCount.Count > 3)
        {
            TLanes.Store(c30, sums + 6 * TLanes.Width);
            TLanes.Store(c31, sums + 7 * TLanes.Width);
        }
    }
}
