using RnnService.Engine.Tensors;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Rows of the left-hand matrix of an 8-bit product, quantised one by one: [rows][K/4] words of four values. Kept by a thread and used again.
/// </summary>
sealed unsafe class QuantizedRows
{
    AlignedMemory<sbyte> _values = new(0);
    AlignedMemory<float> _scales = new(0);

    /// <summary>Distance of rows in words.</summary>
    public int Stride { get; private set; }

    /// <summary>The words of a row.</summary>
    public int* Row(int row) => (int*)_values.Start + (nint)row * Stride;

    /// <summary>What a step of each row's values is worth.</summary>
    public float* Scales => _scales.Start;

    /// <summary>Takes other rows.</summary>
    /// <param name="a">[rows,K]</param>
    /// <param name="stride">distance of rows of A</param>
    /// <param name="rows">number of rows</param>
    /// <param name="count">K</param>
    public void Set(float* a, int stride, int rows, int count)
    {
        int rowBytes = Int8Quantizer.PaddedLength(count);
        Stride = rowBytes / sizeof(int);
        if (_values.Length < rows * rowBytes)
            _values = new AlignedMemory<sbyte>(rows * rowBytes);
        if (_scales.Length < rows)
            _scales = new AlignedMemory<float>(rows);
        for (int row = 0; row < rows; row++)
        {
            Scales[row] = Int8Quantizer.Quantize(
                a + (nint)row * stride, count, Int8Quantizer.ValueLimit, Int8Quantizer.ValueZero, (sbyte*)Row(row));
        }
    }
}
