using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Functions of single elements, x [n] to destination [n]; errors as stated at <see cref="LaneMath"/>. The destination may be x itself;
/// an overlap that starts elsewhere throws.
/// </summary>
public static class ActivationKernel
{
    /// <summary>e to the power x; x [n], destination [n].</summary>
    /// <exception cref="ArgumentException">other lengths, or a shifted overlap</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination) => Map<ExpOperation>(x, destination);

    /// <summary>1 / (1 + e^-x); x [n], destination [n].</summary>
    /// <exception cref="ArgumentException">other lengths, or a shifted overlap</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) => Map<SigmoidOperation>(x, destination);

    /// <summary>Hyperbolic tangent; x [n], destination [n].</summary>
    /// <exception cref="ArgumentException">other lengths, or a shifted overlap</exception>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> destination) => Map<TanhOperation>(x, destination);

    /// <summary>The gradient of x from that of y = tanh x: destination[i] *= 1 - y[i]^2; y [n], destination [n].</summary>
    /// <exception cref="ArgumentException">other lengths, or a shifted overlap</exception>
    public static unsafe void TanhBackward(ReadOnlySpan<float> y, Span<float> destination)
    {
        Throw.IfLengthsDiffer(y.Length, destination.Length, nameof(destination));
        Throw.IfOverlapIsShifted(y, destination, nameof(destination));
        fixed (float* source = y, target = destination)
        {
            int done = SimdTiers.Current switch
            {
                SimdTier.Avx512 => TanhBackward<Lanes512>(source, target, 0, y.Length),
                SimdTier.Avx2 => TanhBackward<Lanes256>(source, target, 0, y.Length),
                SimdTier.Vector128 => TanhBackward<Lanes128>(source, target, 0, y.Length),
                _ => 0,
            };
            TanhBackward<ScalarLanes>(source, target, done, y.Length);
        }
    }

    static unsafe void Map<TOperation>(ReadOnlySpan<float> x, Span<float> destination)
        where TOperation : IOperation
    {
        Throw.IfLengthsDiffer(x.Length, destination.Length, nameof(destination));
        Throw.IfOverlapIsShifted(x, destination, nameof(destination));
        fixed (float* source = x, target = destination)
        {
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: Map<TOperation, Lanes512>(source, target, x.Length); break;
                case SimdTier.Avx2: Map<TOperation, Lanes256>(source, target, x.Length); break;
                case SimdTier.Vector128: Map<TOperation, Lanes128>(source, target, x.Length); break;
                default: Map<TOperation, ScalarLanes>(source, target, x.Length); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Map<TOperation, TLanes>(float* x, float* destination, int length)
        where TOperation : IOperation
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        for (; i <= length - TLanes.Width; i += TLanes.Width)
            TLanes.Store(TOperation.Apply(TLanes.Load(x + i)), destination + i);
        for (; i < length; i++)
            ScalarLanes.Store(TOperation.Apply(ScalarLanes.Load(x + i)), destination + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe int TanhBackward<TLanes>(float* y, float* destination, int from, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = from;
        var one = TLanes.Broadcast(1f);
        for (; i <= length - TLanes.Width; i += TLanes.Width)
        {
            var value = TLanes.Load(y + i);
            TLanes.Store(TLanes.Load(destination + i) * (one - value * value), destination + i);
        }
        return i;
    }

    interface IOperation
    {
        static abstract TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes>;
    }

    readonly struct ExpOperation : IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => LaneMath.Exp(x);
    }

    readonly struct SigmoidOperation : IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => LaneMath.Sigmoid(x);
    }

    readonly struct TanhOperation : IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => LaneMath.Tanh(x);
    }
}
