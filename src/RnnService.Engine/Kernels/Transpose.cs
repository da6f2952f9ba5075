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
        {
            float* s0 = source + row * sourceStride, s1 = s0 + sourceStride, s2 = s1 + sourceStride, s3 = s2 + sourceStride;
            float* d = destination + row;
            int column = 0;
            for (; column + 4 <= columns; column += 4)
            {
                var r0 = Vector128.Load(s0 + column);
                var r1 = Vector128.Load(s1 + column);
                var r2 = Vector128.Load(s2 + column);
                var r3 = Vector128.Load(s3 + column);
                var low01 = InterleaveLow(r0, r1);
                var low23 = InterleaveLow(r2, r3);
                var high01 = InterleaveHigh(r0, r1);
                var high23 = InterleaveHigh(r2, r3);
                Vector128.Create(low01.GetLower(), low23.GetLower()).Store(d);
                d += destinationStride;
                Vector128.Create(low01.GetUpper(), low23.GetUpper()).Store(d);
                d += destinationStride;
                Vector128.Create(high01.GetLower(), high23.GetLower()).Store(d);
                d += destinationStride;
                Vector128.Create(high01.GetUpper(), high23.GetUpper()).Store(d);
                d += destinationStride;
            }
            for (; column < columns; column++)
            {
                d[0] = s0[column];
                d[1] = s1[column];
                d[2] = s2[column];
                d[3] = s3[column];
                d += destinationStride;
            }
        }
        for (; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                destination[column * destinationStride + row] = source[row * sourceStride + column];
        }
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
