using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>The numbers of one Adam step, bias corrections folded in.</summary>
/// <param name="Beta1">how much of the mean stays</param>
/// <param name="Beta2">how much of the mean of squares stays</param>
/// <param name="Epsilon">added to the root</param>
/// <param name="StepSize">learning rate / (1 - beta1^t)</param>
/// <param name="RootScale">1 / sqrt(1 - beta2^t)</param>
/// <param name="Keep">what is left of the value before the step, 1 - learning rate * weight decay</param>
readonly record struct AdamStep(float Beta1, float Beta2, float Epsilon, float StepSize, float RootScale, float Keep);

/// <summary>
/// The element-wise updates of the optimizers, one pass over memory each. Any split into ranges and any tier gives the same bits.
/// </summary>
static unsafe class UpdateKernel
{
    /// <summary>value -= learningRate * (gradient + weightDecay * value); gradient [n], value [n].</summary>
    internal static void Sgd(ReadOnlySpan<float> gradient, float learningRate, float weightDecay, Span<float> value)
    {
        Throw.IfLengthsDiffer(gradient.Length, value.Length, nameof(value));
        fixed (float* g = gradient, w = value)
        {
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: Sgd<Lanes512>(g, learningRate, weightDecay, w, value.Length); break;
                case SimdTier.Avx2: Sgd<Lanes256>(g, learningRate, weightDecay, w, value.Length); break;
                case SimdTier.Vector128: Sgd<Lanes128>(g, learningRate, weightDecay, w, value.Length); break;
                default: Sgd<ScalarLanes>(g, learningRate, weightDecay, w, value.Length); break;
            }
        }
    }

    /// <summary>
    /// velocity = momentum * velocity + gradient + weightDecay * value; value -= learningRate * velocity;
    /// gradient [n], velocity [n], value [n].
    /// </summary>
    internal static void SgdMomentum(
        ReadOnlySpan<float> gradient, float learningRate, float momentum, float weightDecay, Span<float> velocity, Span<float> value)
    {
        Throw.IfLengthsDiffer(gradient.Length, velocity.Length, nameof(velocity));
        Throw.IfLengthsDiffer(gradient.Length, value.Length, nameof(value));
        fixed (float* g = gradient, u = velocity, w = value)
        {
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: SgdMomentum<Lanes512>(g, learningRate, momentum, weightDecay, u, w, value.Length); break;
                case SimdTier.Avx2: SgdMomentum<Lanes256>(g, learningRate, momentum, weightDecay, u, w, value.Length); break;
                case SimdTier.Vector128: SgdMomentum<Lanes128>(g, learningRate, momentum, weightDecay, u, w, value.Length); break;
                default: SgdMomentum<ScalarLanes>(g, learningRate, momentum, weightDecay, u, w, value.Length); break;
            }
        }
    }

    /// <summary>One Adam step, see <see cref="Optimizers.Adam"/>; gradient [n], mean [n], square [n], value [n].</summary>
    internal static void Adam(ReadOnlySpan<float> gradient, in AdamStep step, Span<float> mean, Span<float> square, Span<float> value)
    {
        Throw.IfLengthsDiffer(gradient.Length, mean.Length, nameof(mean));
        Throw.IfLengthsDiffer(gradient.Length, square.Length, nameof(square));
        Throw.IfLengthsDiffer(gradient.Length, value.Length, nameof(value));
        fixed (float* g = gradient, m = mean, v = square, w = value)
        {
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: Adam<Lanes512>(g, step, m, v, w, value.Length); break;
                case SimdTier.Avx2: Adam<Lanes256>(g, step, m, v, w, value.Length); break;
                case SimdTier.Vector128: Adam<Lanes128>(g, step, m, v, w, value.Length); break;
                default: Adam<ScalarLanes>(g, step, m, v, w, value.Length); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sgd<TLanes>(float* gradient, float learningRate, float weightDecay, float* value, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        for (; i <= length - TLanes.Width; i += TLanes.Width)
            SgdLanes<TLanes>(gradient + i, learningRate, weightDecay, value + i);
        for (; i < length; i++)
            SgdLanes<ScalarLanes>(gradient + i, learningRate, weightDecay, value + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void SgdLanes<TLanes>(float* gradient, float learningRate, float weightDecay, float* value)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var w = TLanes.Load(value);
        var direction = TLanes.MultiplyAdd(w, TLanes.Broadcast(weightDecay), TLanes.Load(gradient));
        TLanes.Store(TLanes.MultiplyAdd(direction, TLanes.Broadcast(-learningRate), w), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SgdMomentum<TLanes>(
        float* gradient, float learningRate, float momentum, float weightDecay, float* velocity, float* value, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        for (; i <= length - TLanes.Width; i += TLanes.Width)
            SgdMomentumLanes<TLanes>(gradient + i, learningRate, momentum, weightDecay, velocity + i, value + i);
        for (; i < length; i++)
            SgdMomentumLanes<ScalarLanes>(gradient + i, learningRate, momentum, weightDecay, velocity + i, value + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void SgdMomentumLanes<TLanes>(
        float* gradient, float learningRate, float momentum, float weightDecay, float* velocity, float* value)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var w = TLanes.Load(value);
        var direction = TLanes.MultiplyAdd(w, TLanes.Broadcast(weightDecay), TLanes.Load(gradient));
        var u = TLanes.MultiplyAdd(TLanes.Load(velocity), TLanes.Broadcast(momentum), direction);
        TLanes.Store(u, velocity);
        TLanes.Store(TLanes.MultiplyAdd(u, TLanes.Broadcast(-learningRate), w), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Adam<TLanes>(float* gradient, in AdamStep step, float* mean, float* square, float* value, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var local = step;
        int i = 0;
        for (; i <= length - TLanes.Width; i += TLanes.Width)
            AdamLanes<TLanes>(gradient + i, local, mean + i, square + i, value + i);
        for (; i < length; i++)
            AdamLanes<ScalarLanes>(gradient + i, local, mean + i, square + i, value + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AdamLanes<TLanes>(float* gradient, in AdamStep step, float* mean, float* square, float* value)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var g = TLanes.Load(gradient);
        var m = TLanes.MultiplyAdd(TLanes.Load(mean), TLanes.Broadcast(step.Beta1), g * TLanes.Broadcast(1f - step.Beta1));
        var v = TLanes.MultiplyAdd(TLanes.Load(square), TLanes.Broadcast(step.Beta2), g * g * TLanes.Broadcast(1f - step.Beta2));
        TLanes.Store(m, mean);
        TLanes.Store(v, square);
        var root = TLanes.MultiplyAdd(TLanes.Sqrt(v), TLanes.Broadcast(step.RootScale), TLanes.Broadcast(step.Epsilon));
        var kept = TLanes.Load(value) * TLanes.Broadcast(step.Keep);
        TLanes.Store(TLanes.MultiplyAdd(m / root, TLanes.Broadcast(-step.StepSize), kept), value);
    }
}
