using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>A function of a sum and its slope, which all of them give from their value.</summary>
interface ICellActivation
{
    static abstract TLanes Value<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>;

    static abstract TLanes Slope<TLanes>(TLanes value)
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>Hyperbolic tangent.</summary>
readonly struct TanhActivation : ICellActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> => LaneMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes value)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.Broadcast(1f) - value * value;
}

/// <summary>1 / (1 + e^-x).</summary>
readonly struct SigmoidActivation : ICellActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> => LaneMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes value)
        where TLanes : unmanaged, ILanes<TLanes> => value * (TLanes.Broadcast(1f) - value);
}

/// <summary>The larger of x and 0; slope 0 at 0, as PyTorch has it.</summary>
readonly struct ReluActivation : ICellActivation
{
    // The smallest float times this twice is above 1.
    const float Steep = 1e38f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.KeepNaN(x, TLanes.Max(x, TLanes.Broadcast(0f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes value)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.Min(value * TLanes.Broadcast(Steep) * TLanes.Broadcast(Steep), TLanes.Broadcast(1f));
}
