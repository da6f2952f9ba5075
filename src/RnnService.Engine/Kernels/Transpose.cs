using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnService.Engine.Kernels;

/// <summary>Copies a block of a matrix transposed, four by four elements at a time.</summary>
static unsafe class Transpose
{
    /// <summary>destination[j*destinationStride + i] = source[i*sourceStride + j]</summary>
    /// <param name="source">[rows, columns]</param>
    /// <param name="sourceStride">distance of rows of the source</param>
    /// <param name="rows">rows of the source</param>
    /// <param name="columns">columns of the source</param>
    /// <param name="destination">[columns, rows]</param>
    /// <param name="destinationStride">distance of rows of the destination</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, nint sourceStride, int rows, int columns, float* destination, nint destinationStride)
    {
        int row = 0;
        for (; row + 4 <= rows; row += 4)
            CopyFourRows(source + row * sourceStride, sourceStride, columns, destination + row, destinationStride);
        // The six rows of a product's tile are four and two.
        for (; row + 2 <= rows; row += 2)
            CopyTwoRows(source + row * sourceStride, sourceStride, columns, destination + row, destinationStride);
        if (row < rows)
        {
            float* s = source + row * sourceStride, d = destination + row;
            for (int column = 0; column < columns; column++, d += destinationStride)
                *d = s[column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void CopyFourRows(float* s0, nint sourceStride, int columns, float* d, nint destinationStride)
    {
        float* s1 = s0 + sourceStride, s2 = s1 + sourceStride, s3 = s2 + sourceStride;
        int column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            var r0 = Vector128.Load(s0 + column);
            var r1 = Vector128.Load(s1 + column);
            var r2 = Vector128.Load(s2 + column);
            var r3 = Vector128.Load(s3 + column);
            StoreTwoRows(InterleaveLow(r0, r1), InterleaveLow(r2, r3), d, destinationStride);
            d += 2 * destinationStride;
            StoreTwoRows(InterleaveHigh(r0, r1), InterleaveHigh(r2, r3), d, destinationStride);
            d += 2 * destinationStride;
        }
        for (; column < columns; column++, d += destinationStride)
        {
            d[0] = s0[column];
            d[1] = s1[column];
            d[2] = s2[column];
            d[3] = s3[column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void CopyTwoRows(float* s0, nint sourceStride, int columns, float* d, nint destinationStride)
    {
        float* s1 = s0 + sourceStride;
        int column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            var r0 = Vector128.Load(s0 + column);
            var r1 = Vector128.Load(s1 + column);
            var low = InterleaveLow(r0, r1);
            var high = InterleaveHigh(r0, r1);
            StorePairs(low, d, destinationStride);
            d += 2 * destinationStride;
            StorePairs(high, d, destinationStride);
            d += 2 * destinationStride;
        }
        for (; column < columns; column++, d += destinationStride)
        {
            d[0] = s0[column];
            d[1] = s1[column];
        }
    }

    // Two floats are moved as one double: elements of x, then of y, for two rows of the destination.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreTwoRows(Vector128<float> x, Vector128<float> y, float* d, nint destinationStride)
    {
        Vector128<double> pairs = x.AsDouble(), others = y.AsDouble();
        Vector128.Create(pairs[0], others[0]).AsSingle().Store(d);
        Vector128.Create(pairs[1], others[1]).AsSingle().Store(d + destinationStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StorePairs(Vector128<float> pairs, float* d, nint destinationStride)
    {
        *(double*)d = pairs.AsDouble().ToScalar();
        *(double*)(d + destinationStride) = pairs.AsDouble().GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> InterleaveLow(Vector128<float> x, Vector128<float> y)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
            return System.Runtime.Intrinsics.X86.Sse.UnpackLow(x, y);
        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            return System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(x, y);
        return Vector128.Create(x[0], y[0], x[1], y[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> InterleaveHigh(Vector128<float> x, Vector128<float> y)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
            return System.Runtime.Intrinsics.X86.Sse.UnpackHigh(x, y);
        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            return System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(x, y);
        return Vector128.Create(x[2], y[2], x[3], y[3]);
    }
}
