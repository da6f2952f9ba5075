using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RnnService.Engine.Kernels;

/// <summary>8 sums in a 256-bit vector.</summary>
readonly unsafe struct Int8Lanes256(Vector256<int> value) : IInt8Lanes<Int8Lanes256>
{
    readonly Vector256<int> _value = value;

    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int8Lanes256 Load(int* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int8Lanes256 Broadcast(int values) => new(Vector256.Create(values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int8Lanes256 AddProducts(Int8Lanes256 sum, Int8Lanes256 values, sbyte* weights)
    {
        if (AvxVnni.IsSupported)
            return new(AvxVnni.MultiplyWideningAndAdd(sum._value, values._value.AsByte(), Vector256.Load(weights)));
        if (Avx2.IsSupported)
        {
            var pairs = Avx2.MultiplyAddAdjacent(values._value.AsByte(), Vector256.Load(weights));
            return new(sum._value + Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One));
        }
        return new(Vector256.Create(
            Int8Lanes128.AddProducts(sum._value.GetLower(), values._value.GetLower(), weights),
            Int8Lanes128.AddProducts(sum._value.GetUpper(), values._value.GetUpper(), weights + 16)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(Int8Lanes256 sum, float rowScale, float* columnScales, float* start, float* c, int column)
    {
        var product = Vector256.ConvertToSingle(sum._value) * (Vector256.Create(rowScale) * Vector256.Load(columnScales + column));
        (start == null ? product : Vector256.Load(start + column) + product).Store(c + column);
    }
}
