using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>One sum: the fallback.</summary>
readonly unsafe struct ScalarInt8Lanes(int value) : IInt8Lanes<ScalarInt8Lanes>
{
    readonly int _value = value;

    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarInt8Lanes Load(int* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarInt8Lanes Broadcast(int values) => new(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarInt8Lanes AddProducts(ScalarInt8Lanes sum, ScalarInt8Lanes values, sbyte* weights)
    {
        uint four = (uint)values._value;
        return new(
            sum._value + (int)(four & 127) * weights[0] + (int)(four >> 8 & 127) * weights[1] + (int)(four >> 16 & 127) * weights[2]
            + (int)(four >> 24) * weights[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(ScalarInt8Lanes sum, float rowScale, float* columnScales, float* start, float* c, int column)
    {
        float product = sum._value * (rowScale * columnScales[column]);
        c[column] = start == null ? product : start[column] + product;
    }
}
