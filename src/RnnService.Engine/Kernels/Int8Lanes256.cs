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
    public static Int8Lanes256 Broadcast(int bytes) => new(Vector256.Create(bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int8Lanes256 AddProducts(Int8Lanes256 sum, Int8Lanes256 magnitudes, Int8Lanes256 signs, sbyte* weights)
    {
        if (AvxVnni.IsSupported)
        {
            return new(AvxVnni.MultiplyWideningAndAdd(
                sum._value, magnitudes._value.AsByte(), Vector256.Load(weights) ^ signs._value.AsSByte()));
        }
        if (Avx2.IsSupported)
        {
            // Two products are at most 2·127·128, just inside 16 bits.
            var pairs = Avx2.MultiplyAddAdjacent(magnitudes._value.AsByte(), Vector256.Load(weights) ^ signs._value.AsSByte());
            return new(sum._value + Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One));
        }
        return new(Vector256.Create(
            Int8Lanes128.AddProducts(sum._value.GetLower(), magnitudes._value.GetLower(), signs._value.GetLower(), weights),
            Int8Lanes128.AddProducts(sum._value.GetUpper(), magnitudes._value.GetUpper(), signs._value.GetUpper(), weights + 16)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Int8Lanes256 value, int* destination) => value._value.Store(destination);
}
