using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Floats of 16 bits: sign, 5 bits of exponent from 2^-24 to 2^6, 10 of mantissa. They hold what IEEE 754 binary16 holds below 128, which
/// trained weights are, and have no subnormal numbers. Moved into the places of a float of 32 bits they are 2^102 times too small:
/// whoever multiplies by them makes the other factor as much larger, which changes no bit of the product.
/// </summary>
static class HalfFloats
{
    /// <summary>2^102: times this, a number moved into its places is what it was.</summary>
    internal const float Scale = 5.070602400912918e30f;

    /// <summary>Factors below can be made <see cref="Scale"/> times larger.</summary>
    internal const float FactorLimit = 1 << 25;

    /// <summary>How much wider the exponent of 32 bits is.</summary>
    internal const int ExponentShift = 3;

    /// <summary>The sign, in the upper half of a word.</summary>
    internal const uint Sign = 0x8000_0000;

    /// <summary>Exponent and mantissa in the upper half of a word.</summary>
    internal const uint Magnitude = 0x7FFF_0000;

    /// <summary>Their places in a float of 32 bits.</summary>
    internal const uint WideMask = 0x8FFF_E000;

    /// <summary>Whether 16 bits hold every one of these exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool Hold(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        foreach (var vector in vectors)
        {
            var scaled = vector * Vector256.Create(1 / Scale);
            bool isHeld = Vector256.EqualsAll(scaled.AsUInt32() & Vector256.Create(~WideMask), Vector256<uint>.Zero)
                && Vector256.EqualsAll(scaled * Vector256.Create(Scale), vector);
            if (!isHeld)
                return false;
        }
        foreach (float value in values[(vectors.Length * Vector256<float>.Count)..])
        {
            float scaled = value / Scale;
            if ((BitConverter.SingleToUInt32Bits(scaled) & ~WideMask) != 0 || scaled * Scale != value)
                return false;
        }
        return true;
    }
}
