using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>One lane: the fallback, and the remainder of every vector loop.</summary>
unsafe struct ScalarLanes(float value) : ILanes<ScalarLanes>
{
    float _value = value;

    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ScalarLanes value, float* destination) => *destination = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes LoadLowHalves(uint* source) => Widen(*source << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes LoadHighHalves(uint* source) => Widen(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(ScalarLanes low, ScalarLanes high, uint* destination) => *destination = Narrow(low) >> 16 | Narrow(high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes MultiplyAdd(ScalarLanes x, ScalarLanes y, ScalarLanes addend) =>
        new(float.MultiplyAddEstimate(x._value, y._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ScalarLanes x, ScalarLanes y, ref ScalarLanes sum) => sum._value = float.MultiplyAddEstimate(x._value, y._value, sum._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Min(ScalarLanes x, ScalarLanes y) => new(float.MinNative(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Max(ScalarLanes x, ScalarLanes y) => new(float.MaxNative(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Sqrt(ScalarLanes x) => new(MathF.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Abs(ScalarLanes x) => new(MathF.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Round(ScalarLanes x) => new(MathF.Round(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes PowerOfTwo(ScalarLanes exponent) =>
        new(BitConverter.Int32BitsToSingle((float.ConvertToIntegerNative<int>(exponent._value) + 127) << 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes CopySign(ScalarLanes x, ScalarLanes sign) => new(MathF.CopySign(x._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes KeepNaN(ScalarLanes source, ScalarLanes value) => float.IsNaN(source._value) ? source : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(ScalarLanes value) => value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(ScalarLanes value) => value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes operator +(ScalarLanes left, ScalarLanes right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes operator -(ScalarLanes left, ScalarLanes right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes operator *(ScalarLanes left, ScalarLanes right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes operator /(ScalarLanes left, ScalarLanes right) => new(left._value / right._value);

    // A float of 16 bits in the upper half of a word, the lower one being anything.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ScalarLanes Widen(uint halves) =>
        new(BitConverter.UInt32BitsToSingle((uint)((int)halves >> HalfFloats.ExponentShift) & HalfFloats.WideMask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Narrow(ScalarLanes value)
    {
        uint scaled = BitConverter.SingleToUInt32Bits(value._value * (1 / HalfFloats.Scale));
        return (scaled & HalfFloats.Sign) | ((scaled << HalfFloats.ExponentShift) & HalfFloats.Magnitude);
    }
}
