using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>The innermost 8-bit products: sums of whole numbers, kept in registers, the same for every tier and tiling, and scaled when complete.</summary>
static unsafe class Int8Tile
{
    /// <summary>The most rows of a tile: 4 rows x 2 vectors are 8 sums, which with the weights and what lies between fit 16 registers.</summary>
    public const int MaxRows = 4;

    /// <summary>Panels that <see cref="MultiplyRow"/> reads side by side.</summary>
    public const int Panels = 4;

    /// <summary>c[r,j] = start[r,j] + aScales[r]·scales[j]·(sum over k of a[r,k]·b[k,j])</summary>
    /// <param name="a">first word of the rows, as <see cref="QuantizedRows"/> keeps them</param>
    /// <param name="aStride">distance of rows in words</param>
    /// <param name="aScales">[rows]</param>
    /// <param name="rows">1 to <see cref="MaxRows"/></param>
    /// <param name="b">the panel</param>
    /// <param name="words">K/4</param>
    /// <param name="start">[rows, panelWidth], or null for 0</param>
    /// <param name="startStride">distance of its rows; 0 where all rows start at the same</param>
    /// <param name="c">[rows, panelWidth]</param>
    /// <param name="cStride">distance of rows of C</param>
    /// <param name="next">what to fetch meanwhile</param>
    public static void Multiply<TLanes>(
        int* a, nint aStride, float* aScales, int rows, Int8Panel b, nint words, float* start, nint startStride, float* c, nint cStride, Prefetch next)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        switch (rows)
        {
            case 1: Tile<TLanes, Rows1>(a, aStride, aScales, b, words, start, startStride, c, cStride, next); break;
            case 2: Tile<TLanes, Rows2>(a, aStride, aScales, b, words, start, startStride, c, cStride, next); break;
            case 3: Tile<TLanes, Rows3>(a, aStride, aScales, b, words, start, startStride, c, cStride, next); break;
            default: Tile<TLanes, Rows4>(a, aStride, aScales, b, words, start, startStride, c, cStride, next); break;
        }
    }

    /// <summary>c[p,j] = start[p,j] + aScale·scales[p,j]·(sum over k of a[k]·b[p,k,j]) for p of four panels: four streams from memory, which bound a single row.</summary>
    /// <param name="a">first word of the row</param>
    /// <param name="aScale">of the row</param>
    /// <param name="b">the first panel</param>
    /// <param name="panelStride">distance of panels in bytes</param>
    /// <param name="words">K/4</param>
    /// <param name="start">[4, panelWidth], or null for 0</param>
    /// <param name="c">[4, panelWidth]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(int* a, float aScale, Int8Panel b, nint panelStride, nint words, float* start, float* c)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        var c00 = TLanes.Load(b.FirstSums);
        var c01 = TLanes.Load(b.FirstSums + TLanes.Width);
        var c10 = TLanes.Load(b.FirstSums + 2 * TLanes.Width);
        var c11 = TLanes.Load(b.FirstSums + 3 * TLanes.Width);
        var c20 = TLanes.Load(b.FirstSums + 4 * TLanes.Width);
        var c21 = TLanes.Load(b.FirstSums + 5 * TLanes.Width);
        var c30 = TLanes.Load(b.FirstSums + 6 * TLanes.Width);
        var c31 = TLanes.Load(b.FirstSums + 7 * TLanes.Width);
        sbyte* b0 = b.Weights, b1 = b0 + panelStride, b2 = b1 + panelStride, b3 = b2 + panelStride;
        nint offset = 0;
        for (nint word = 0; word < words; word++)
        {
            var values = TLanes.Broadcast(a[word]);
            c00 = TLanes.AddProducts(c00, values, b0 + offset);
            c01 = TLanes.AddProducts(c01, values, b0 + offset + 4 * TLanes.Width);
            c10 = TLanes.AddProducts(c10, values, b1 + offset);
            c11 = TLanes.AddProducts(c11, values, b1 + offset + 4 * TLanes.Width);
            c20 = TLanes.AddProducts(c20, values, b2 + offset);
            c21 = TLanes.AddProducts(c21, values, b2 + offset + 4 * TLanes.Width);
            c30 = TLanes.AddProducts(c30, values, b3 + offset);
            c31 = TLanes.AddProducts(c31, values, b3 + offset + 4 * TLanes.Width);
            offset += 8 * TLanes.Width;
        }
        TLanes.StoreScaled(c00, aScale, b.Scales, start, c, 0);
        TLanes.StoreScaled(c01, aScale, b.Scales, start, c, TLanes.Width);
        TLanes.StoreScaled(c10, aScale, b.Scales, start, c, 2 * TLanes.Width);
        TLanes.StoreScaled(c11, aScale, b.Scales, start, c, 3 * TLanes.Width);
        TLanes.StoreScaled(c20, aScale, b.Scales, start, c, 4 * TLanes.Width);
        TLanes.StoreScaled(c21, aScale, b.Scales, start, c, 5 * TLanes.Width);
        TLanes.StoreScaled(c30, aScale, b.Scales, start, c, 6 * TLanes.Width);
        TLanes.StoreScaled(c31, aScale, b.Scales, start, c, 7 * TLanes.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<TLanes, TCount>(
        int* a, nint aStride, float* aScales, Int8Panel b, nint words, float* start, nint startStride, float* c, nint cStride, Prefetch next)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
        where TCount : IRowCount
    {
        TLanes c00 = TLanes.Load(b.FirstSums), c10 = c00, c20 = c00, c30 = c00;
        TLanes c01 = TLanes.Load(b.FirstSums + TLanes.Width), c11 = c01, c21 = c01, c31 = c01;
        int* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
        sbyte* weights = b.Weights;
        for (nint word = 0; word < words; word++)
        {
            var values = TLanes.Broadcast(a[word]);
            c00 = TLanes.AddProducts(c00, values, weights);
            c01 = TLanes.AddProducts(c01, values, weights + 4 * TLanes.Width);
            if (TCount.Count > 1)
            {
                values = TLanes.Broadcast(a1[word]);
                c10 = TLanes.AddProducts(c10, values, weights);
                c11 = TLanes.AddProducts(c11, values, weights + 4 * TLanes.Width);
            }
            if (TCount.Count > 2)
            {
                values = TLanes.Broadcast(a2[word]);
                c20 = TLanes.AddProducts(c20, values, weights);
                c21 = TLanes.AddProducts(c21, values, weights + 4 * TLanes.Width);
            }
            if (TCount.Count > 3)
            {
                values = TLanes.Broadcast(a3[word]);
                c30 = TLanes.AddProducts(c30, values, weights);
                c31 = TLanes.AddProducts(c31, values, weights + 4 * TLanes.Width);
            }
            weights += 8 * TLanes.Width;
            next = next.Turn();
        }
        nint startStep = start == null ? 0 : startStride;
        StoreRow(c00, c01, aScales[0], b.Scales, start, c);
        if (TCount.Count > 1)
            StoreRow(c10, c11, aScales[1], b.Scales, start += startStep, c += cStride);
        if (TCount.Count > 2)
            StoreRow(c20, c21, aScales[2], b.Scales, start += startStep, c += cStride);
        if (TCount.Count > 3)
            StoreRow(c30, c31, aScales[3], b.Scales, start + startStep, c + cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreRow<TLanes>(TLanes left, TLanes right, float aScale, float* scales, float* start, float* c)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        TLanes.StoreScaled(left, aScale, scales, start, c, 0);
        TLanes.StoreScaled(right, aScale, scales, start, c, TLanes.Width);
    }
}
