using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace RnnService.Engine.Kernels;

/// <summary>4 sums in a 128-bit vector.</summary>
readonly unsafe struct Int8Lanes128(Vector128<int> value) : IInt8Lanes<Int8Lanes128>
{
    readonly Vector128<int> _value = value;

    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int8Lanes128 Load(int* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int8Lanes128 Broadcast(int values) => new(Vector128.Create(values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int8Lanes128 AddProducts(Int8Lanes128 sum, Int8Lanes128 values, sbyte* weights) =>
        new(AddProducts(sum._value, values._value, weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(Int8Lanes128 sum, float rowScale, float* columnScales, float* start, float* c, int column)
    {
        var product = Vector128.ConvertToSingle(sum._value) * (Vector128.Create(rowScale) * Vector128.Load(columnScales + column));
        (start == null ? product : Vector128.Load(start + column) + product).Store(c + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> AddProducts(Vector128<int> sum, Vector128<int> values, sbyte* weights)
    {
        var four = Vector128.Load(weights);
        if (Ssse3.IsSupported)
            return sum + Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(values.AsByte(), four), Vector128<short>.One);
        if (Dp.IsSupported)
            return Dp.DotProduct(sum, values.AsSByte(), four);
        var (low, high) = Vector128.Widen(values.AsSByte());
        var (weightsLow, weightsHigh) = Vector128.Widen(four);
        return sum + Vector128.Create(SumOfFours(low * weightsLow), SumOfFours(high * weightsHigh));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector64<int> SumOfFours(Vector128<short> products)
    {
        var (first, second) = Vector128.Widen(products);
        return Vector64.Create(Vector128.Sum(first), Vector128.Sum(second));
    }
}
