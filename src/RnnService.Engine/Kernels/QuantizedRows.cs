using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Rows of the left-hand matrix of an 8-bit product, quantised one by one and split into magnitudes and signs as
/// <see cref="IInt8Lanes{TSelf}"/> reads them: [rows][2][K/4] words of four bytes. Kept by a thread and used again.
/// </summary>
sealed unsafe class QuantizedRows
{
    AlignedMemory<sbyte> _bytes = new(0);
    AlignedMemory<float> _scales = new(0);
    AlignedMemory<int> _negatives = new(0);

    /// <summary>Distance of rows in words: magnitudes, then signs in the second half.</summary>
    public int Stride { get; private set; }

    /// <summary>The words of a row.</summary>
    public int* Row(int row) => (int*)_bytes.Start + (nint)row * Stride;

    /// <summary>What 1 of a row is worth.</summary>
    public float Scale(int row) => _scales.Start[row];

    /// <summary>The sum of the magnitudes of a row's negative values: what sums of magnitude·(weight ^ sign) lack.</summary>
    public int Negatives(int row) => _negatives.Start[row];

    /// <summary>Takes other rows.</summary>
    /// <param name="a">[rows,K]</param>
    /// <param name="stride">distance of rows of A</param>
    /// <param name="rows">number of rows</param>
    /// <param name="count">K</param>
    public void Set(float* a, int stride, int rows, int count)
    {
        int blocks = (count + Int8Quantizer.BlockSize - 1) / Int8Quantizer.BlockSize;
        Stride = 2 * blocks * Int8Quantizer.BlockSize / sizeof(int);
        if (_bytes.Length < rows * Stride * sizeof(int))
            _bytes = new AlignedMemory<sbyte>(rows * Stride * sizeof(int));
        if (_scales.Length < rows)
            (_scales, _negatives) = (new AlignedMemory<float>(rows), new AlignedMemory<int>(rows));
        for (int row = 0; row < rows; row++)
        {
            var values = (sbyte*)Row(row);
            _scales.Start[row] = Int8Quantizer.Quantize(a + (nint)row * stride, count, values);
            _negatives.Start[row] = Split(values, blocks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Split(sbyte* values, int blocks)
    {
        sbyte* signs = values + blocks * Int8Quantizer.BlockSize;
        var sums = Vector128<int>.Zero;
        for (int i = 0; i < blocks * Int8Quantizer.BlockSize; i += Int8Quantizer.BlockSize)
        {
            var value = Vector128.Load(values + i);
            var magnitude = Vector128.Abs(value);
            var sign = value >> 7;
            magnitude.Store(values + i);
            sign.Store(signs + i);
            var (low, high) = Vector128.Widen(magnitude & sign);
            var (first, second) = Vector128.Widen(low + high);
            sums += first + second;
        }
        return Vector128.Sum(sums);
    }
}
