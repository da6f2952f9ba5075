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
