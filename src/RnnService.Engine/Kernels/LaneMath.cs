using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// exp, sigmoid and tanh on lanes of any width: branch-free, so that they inline into fused loops, and the same bits for every width on
/// one processor. NaN stays NaN. Errors are against double over dense sweeps of the whole range; a unit is the last place of the result.
/// </summary>
static class LaneMath
{
    const float Log2E = 1.44269502f;

    // ln 2 in two parts; the first has 15 bits, so that its product with a whole number of 8 bits is exact.
    const float Ln2High = 0.693145752f;
    const float Ln2Low = 1.42860677e-06f;

    /// <summary>
    /// e to the power x; within 1.25 units. Above 88.37 it is infinity and below -87.68 it is 0, a little before the range of
    /// <see cref="float"/> ends; results under the smallest normal number are within 1.25 units of that number's last place.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Exp<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // The borders lie where the exponent rounds to -127 and 128, whose powers are 0 and infinity.
        var bounded = TLanes.Min(TLanes.Max(x, TLanes.Broadcast(-88f)), TLanes.Broadcast(88.8f));
        var exponent = Exponent(bounded);
        var fraction = ExpMinusOne(Remainder(bounded, exponent));
        return TLanes.KeepNaN(x, (fraction + TLanes.Broadcast(1f)) * TLanes.PowerOfTwo(exponent));
    }

    /// <summary>1 / (1 + e^-x); within 3 units where the result is a normal number, 0 below -88.37.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Sigmoid<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var one = TLanes.Broadcast(1f);
        return one / (one + Exp(TLanes.Broadcast(0f) - x));
    }

    /// <summary>Hyperbolic tangent; within 3 units everywhere, also next to 0, whose sign it keeps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // With u = e^(2|x|) - 1, kept as u because 1 would swallow its digits near 0: tanh |x| = u / (u + 2). Beyond 10 that is 1.
        var magnitude = TLanes.Min(TLanes.Abs(x), TLanes.Broadcast(10f));
        var doubled = magnitude + magnitude;
        var exponent = Exponent(doubled);
        var power = TLanes.PowerOfTwo(exponent);
        var u = TLanes.MultiplyAdd(ExpMinusOne(Remainder(doubled, exponent)), power, power - TLanes.Broadcast(1f));
        return TLanes.KeepNaN(x, TLanes.CopySign(u / (u + TLanes.Broadcast(2f)), x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Exponent<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.Round(x * TLanes.Broadcast(Log2E));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Remainder<TLanes>(TLanes x, TLanes exponent)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.MultiplyAdd(exponent, TLanes.Broadcast(-Ln2Low), TLanes.MultiplyAdd(exponent, TLanes.Broadcast(-Ln2High), x));

    // e^r - 1 for |r| up to ln 2 / 2, as r + r^2 h(r); h is fitted for the least relative error of the whole, 1.6e-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes ExpMinusOne<TLanes>(TLanes r)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var h = TLanes.MultiplyAdd(TLanes.Broadcast(0.00139464973f), r, TLanes.Broadcast(0.00836661085f));
        h = TLanes.MultiplyAdd(h, r, TLanes.Broadcast(0.0416662805f));
        h = TLanes.MultiplyAdd(h, r, TLanes.Broadcast(0.166665435f));
        h = TLanes.MultiplyAdd(h, r, TLanes.Broadcast(0.5f));
        return TLanes.MultiplyAdd(h, r * r, r);
    }
}
