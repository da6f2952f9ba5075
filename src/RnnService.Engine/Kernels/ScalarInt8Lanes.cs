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
    public static ScalarInt8Lanes Broadcast(int bytes) => new(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarInt8Lanes AddProducts(ScalarInt8Lanes sum, ScalarInt8Lanes magnitudes, ScalarInt8Lanes signs, sbyte* weights) => new(
        sum._value + Product(magnitudes, signs, weights, 0) + Product(magnitudes, signs, weights, 1) + Product(magnitudes, signs, weights, 2)
        + Product(magnitudes, signs, weights, 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ScalarInt8Lanes value, int* destination) => *destination = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Product(ScalarInt8Lanes magnitudes, ScalarInt8Lanes signs, sbyte* weights, int index) =>
        (sbyte)(magnitudes._value >> 8 * index) * (weights[index] ^ (sbyte)(signs._value >> 8 * index));
}
