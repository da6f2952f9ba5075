using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Rounds floats to 8 bits symmetrically: q = zero + round(x / scale) with scale = max |x| / limit, so that x ≈ (q - zero)·scale within half a
/// scale. The same numbers on every processor.
/// </summary>
static unsafe class Int8Quantizer
{
    /// <summary>Weights have 8 bits, from -127 to 127.</summary>
    internal const int WeightLimit = 127;

    /// <summary>What weights are multiplied by has 7 bits, from 1 to 127, as <see cref="IInt8Lanes{TSelf}"/> wants it.</summary>
    internal const int ValueLimit = 63;

    /// <summary>The value that stands for 0.</summary>
    internal const int ValueZero = 64;

    /// <summary>Values that are converted together; <see cref="Quantize"/> writes whole blocks.</summary>
    internal const int BlockSize = 16;

    /// <summary>Whole blocks that hold a number of values.</summary>
    internal static int PaddedLength(int count) => (count + BlockSize - 1) / BlockSize * BlockSize;

    /// <summary>Quantises one run of values.</summary>
    /// <param name="source">[count]</param>
    /// <param name="count">number of values</param>
    /// <param name="limit">the largest distance from zero</param>
    /// <param name="zero">what stands for 0</param>
    /// <param name="destination">[count rounded up to whole blocks] receives the values, and what stands for 0 after them</param>
    /// <returns>the scale; NaN where a value is not finite (what is written then means nothing), 0 where all are 0 or too small for a scale of normal size</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Quantize(float* source, int count, int limit, int zero, sbyte* destination)
    {
        float* rest = stackalloc float[BlockSize];
        int whole = count - count % BlockSize;
        for (int i = 0; i < BlockSize; i++)
            rest[i] = whole + i < count ? source[whole + i] : 0f;
        var largest = Vector128.Max(Largest(source, whole), Largest(rest, BlockSize));
        float scale = MathF.Max(MathF.Max(largest[0], largest[1]), MathF.Max(largest[2], largest[3])) / limit;
        bool isUsable = float.IsNormal(scale);
        var factor = Vector128.Create(isUsable ? 1 / scale : 0f);
        var zeros = Vector128.Create((sbyte)zero);
        for (int i = 0; i < whole; i += BlockSize)
            (Round(source + i, factor) + zeros).Store(destination + i);
        if (count > whole)
            (Round(rest, factor) + zeros).Store(destination + whole);
        return isUsable ? scale : float.IsFinite(scale) ? 0f : float.NaN;
    }

    /// <summary>The largest magnitudes seen by each lane; NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Largest(float* source, int count)
    {
        Vector128<float> first = default, second = default;
        for (int i = 0; i < count; i += 8)
        {
            first = Vector128.Max(first, Vector128.Abs(Vector128.Load(source + i)));
            second = Vector128.Max(second, Vector128.Abs(Vector128.Load(source + i + 4)));
        }
        return Vector128.Max(first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> Round(float* source, Vector128<float> factor) => Vector128.NarrowWithSaturation(
        Vector128.NarrowWithSaturation(Whole(source, factor), Whole(source + 4, factor)),
        Vector128.NarrowWithSaturation(Whole(source + 8, factor), Whole(source + 12, factor)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Whole(float* source, Vector128<float> factor) =>
        Vector128.ConvertToInt32Native(Vector128.Round(Vector128.Load(source) * factor));
}
