using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>The innermost 8-bit products: sums of whole numbers, kept in registers, the same for every tier and tiling.</summary>
static unsafe class Int8Tile
{
    /// <summary>The most rows of a tile: 3 rows x 2 vectors are 6 sums, which with weights, signs, magnitudes and what lies between fit 16 registers.</summary>
    public const int MaxRows = 3;

    /// <summary>Panels that <see cref="MultiplyRow"/> reads side by side.</summary>
    public const int Panels = 4;

    /// <summary>sums[r,j] = sum over k of a[r,k]·b[k,j]</summary>
    /// <param name="a">rows of A</param>
    /// <param name="row">first row</param>
    /// <param name="rows">1 to <see cref="MaxRows"/></param>
    /// <param name="b">[words, panelWidth, 4] a panel</param>
    /// <param name="words">K/4</param>
    /// <param name="sums">[rows, panelWidth]</param>
    public static void Multiply<TLanes>(QuantizedRows a, int row, int rows, sbyte* b, int words, int* sums)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        switch (rows)
        {
            case 1: Tile<TLanes, Rows1>(a, row, b, words, sums); break;
            case 2: Tile<TLanes, Rows2>(a, row, b, words, sums); break;
            default: Tile<TLanes, Rows3>(a, row, b, words, sums); break;
        }
    }

    /// <summary>sums[p,j] = sum over k of a[k]·b[p,k,j] for p of four panels: four streams from memory, which bound a single row.</summary>
    /// <param name="a">rows of A</param>
    /// <param name="row">the row</param>
    /// <param name="b">[words, panelWidth, 4] the first panel</param>
    /// <param name="panelStride">distance of panels in bytes</param>
    /// <param name="words">K/4</param>
    /// <param name="sums">[4, panelWidth]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow<TLanes>(QuantizedRows a, int row, sbyte* b, nint panelStride, int words, int* sums)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        TLanes c00, c01, c10, c11, c20, c21, c30, c31;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = TLanes.Broadcast(a.Negatives(row));
        int* magnitudes = a.Row(row), signs = magnitudes + a.Stride / 2;
        sbyte* b1 = b + panelStride, b2 = b1 + panelStride, b3 = b2 + panelStride;
        nint offset = 0;
        for (nint word = 0; word < words; word++)
        {
            var magnitude = TLanes.Broadcast(magnitudes[word]);
            var sign = TLanes.Broadcast(signs[word]);
            c00 = TLanes.AddProducts(c00, magnitude, sign, b + offset);
            c01 = TLanes.AddProducts(c01, magnitude, sign, b + offset + 4 * TLanes.Width);
            c10 = TLanes.AddProducts(c10, magnitude, sign, b1 + offset);
            c11 = TLanes.AddProducts(c11, magnitude, sign, b1 + offset + 4 * TLanes.Width);
            c20 = TLanes.AddProducts(c20, magnitude, sign, b2 + offset);
            c21 = TLanes.AddProducts(c21, magnitude, sign, b2 + offset + 4 * TLanes.Width);
            c30 = TLanes.AddProducts(c30, magnitude, sign, b3 + offset);
            c31 = TLanes.AddProducts(c31, magnitude, sign, b3 + offset + 4 * TLanes.Width);
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
    static void Tile<TLanes, TRows>(QuantizedRows a, int row, sbyte* b, int words, int* sums)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
        where TRows : IRowCount
    {
        int second = TRows.Count > 1 ? row + 1 : row, third = TRows.Count > 2 ? row + 2 : row;
        TLanes c00, c01, c10, c11, c20, c21;
        c00 = c01 = TLanes.Broadcast(a.Negatives(row));
        c10 = c11 = TLanes.Broadcast(a.Negatives(second));
        c20 = c21 = TLanes.Broadcast(a.Negatives(third));
        int* a0 = a.Row(row), a1 = a.Row(second), a2 = a.Row(third);
        nint signs = a.Stride / 2;
        for (nint word = 0; word < words; word++)
        {
            var magnitude = TLanes.Broadcast(a0[word]);
            var sign = TLanes.Broadcast(a0[signs + word]);
            c00 = TLanes.AddProducts(c00, magnitude, sign, b);
            c01 = TLanes.AddProducts(c01, magnitude, sign, b + 4 * TLanes.Width);
            if (TRows.Count > 1)
            {
                magnitude = TLanes.Broadcast(a1[word]);
                sign = TLanes.Broadcast(a1[signs + word]);
                c10 = TLanes.AddProducts(c10, magnitude, sign, b);
                c11 = TLanes.AddProducts(c11, magnitude, sign, b + 4 * TLanes.Width);
            }
            if (TRows.Count > 2)
            {
                magnitude = TLanes.Broadcast(a2[word]);
                sign = TLanes.Broadcast(a2[signs + word]);
                c20 = TLanes.AddProducts(c20, magnitude, sign, b);
                c21 = TLanes.AddProducts(c21, magnitude, sign, b + 4 * TLanes.Width);
            }
            b += 8 * TLanes.Width;
        }
        TLanes.Store(c00, sums);
        TLanes.Store(c01, sums + TLanes.Width);
        if (TRows.Count > 1)
        {
            TLanes.Store(c10, sums + 2 * TLanes.Width);
            TLanes.Store(c11, sums + 3 * TLanes.Width);
        }
        if (TRows.Count > 2)
        {
            TLanes.Store(c20, sums + 4 * TLanes.Width);
            TLanes.Store(c21, sums + 5 * TLanes.Width);
        }
    }
}
