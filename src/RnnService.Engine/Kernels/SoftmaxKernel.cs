using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Softmax over one row of logits [V]. The largest logit is subtracted first, so that no finite row overflows; a row with NaN or
/// +infinity, or of -infinity only, gives NaN. Beside other logits, one of -infinity has probability 0.
/// </summary>
public static unsafe class SoftmaxKernel
{
    /// <summary>Elements summed in float before the sum goes on in double.</summary>
    const int Block = 2048;

    /// <summary>The logarithm of the sum of e^row[i]; row [V]. -infinity for an empty row or one of -infinity only.</summary>
    public static float LogSumExp(ReadOnlySpan<float> row)
    {
        fixed (float* logits = row)
        {
            float max = Max(logits, row.Length);
            return float.IsNegativeInfinity(max) ? max : (float)(max + Math.Log(SumExp(logits, max, null, row.Length)));
        }
    }

    /// <summary>Turns the logits of a row into probabilities that sum to 1; row [V].</summary>
    public static void Softmax(Span<float> row)
    {
        fixed (float* logits = row)
        {
            double sum = SumExp(logits, Max(logits, row.Length), logits, row.Length);
            VectorKernel.Scale(row, (float)(1 / sum), row);
        }
    }

    /// <summary>
    /// The cross-entropy of a row of logits against one target, and its gradient in place:
    /// row becomes (softmax(row) - q) * gradientScale; row [V]. q is onehot(target), or with label smoothing ε (Szegedy et al. 2016)
    /// (1-ε) onehot(target) + ε/V.
    /// </summary>
    /// <param name="target">index of the right class; a negative one is not counted: the loss is 0 and the row becomes 0</param>
    /// <param name="gradientScale">what the gradient is multiplied by, 1 / (counted targets) for the mean loss</param>
    /// <param name="row">[V] logits in, gradient out</param>
    /// <param name="smoothing">ε, 0 (inclusive) to 1 (exclusive)</param>
    /// <returns>the sum of -q log softmax(row), in nats; without smoothing -log softmax(row)[target]</returns>
    /// <exception cref="ArgumentOutOfRangeException">the target is V or more</exception>
    public static float SoftmaxCrossEntropy(int target, float gradientScale, Span<float> row, float smoothing = 0f)
    {
        if (target >= row.Length)
            Throw.Target(target, row.Length);
        if (target < 0)
        {
            row.Clear();
            return 0f;
        }
        fixed (float* logits = row)
        {
            float max = Max(logits, row.Length);
            double expected = row[target];
            if (smoothing > 0)
                expected = (1 - smoothing) * expected + smoothing * (Sum(logits, row.Length) / row.Length);
            double sum = SumExp(logits, max, logits, row.Length);
            ScaleAndShift((float)(gradientScale / sum), -gradientScale * smoothing / row.Length, logits, row.Length);
            row[target] -= gradientScale * (1 - smoothing);
            return (float)(Math.Log(sum) - (expected - max));
        }
    }

    /// <summary>-log softmax(row)[target] in nats, leaving the row as it is; row [V]. A negative target is not counted: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">the target is V or more</exception>
    public static float CrossEntropy(ReadOnlySpan<float> row, int target)
    {
        if (target >= row.Length)
            Throw.Target(target, row.Length);
        return target < 0 ? 0f : LogSumExp(row) - row[target];
    }

    static float Max(float* x, int length) => SimdTiers.Current switch
    {
        SimdTier.Avx512 => Max<Lanes512>(x, length),
        SimdTier.Avx2 => Max<Lanes256>(x, length),
        SimdTier.Vector128 => Max<Lanes128>(x, length),
        _ => Max<ScalarLanes>(x, length),
    };

    static double Sum(float* x, int length)
    {
        double sum = 0;
        for (int start = 0; start < length; start += Block)
        {
            int count = Math.Min(Block, length - start);
            sum += SimdTiers.Current switch
            {
                SimdTier.Avx512 => Sum<Lanes512>(x + start, count),
                SimdTier.Avx2 => Sum<Lanes256>(x + start, count),
                SimdTier.Vector128 => Sum<Lanes128>(x + start, count),
                _ => Sum<ScalarLanes>(x + start, count),
            };
        }
        return sum;
    }

    /// <summary>x = x * factor + shift.</summary>
    static void ScaleAndShift(float factor, float shift, float* x, int length)
    {
        switch (SimdTiers.Current)
        {
            case SimdTier.Avx512: ScaleAndShift<Lanes512>(factor, shift, x, length); break;
            case SimdTier.Avx2: ScaleAndShift<Lanes256>(factor, shift, x, length); break;
            case SimdTier.Vector128: ScaleAndShift<Lanes128>(factor, shift, x, length); break;
            default: ScaleAndShift<ScalarLanes>(factor, shift, x, length); break;
        }
    }

    /// <summary>The sum of e^(x - max), whose terms go to <paramref name="destination"/> unless it is null.</summary>
    static double SumExp(float* x, float max, float* destination, int length)
    {
        double sum = 0;
        for (int start = 0; start < length; start += Block)
        {
            float* source = x + start, target = destination == null ? null : destination + start;
            int count = Math.Min(Block, length - start);
            sum += SimdTiers.Current switch
            {
                SimdTier.Avx512 => SumExp<Lanes512>(source, max, target, count, length),
                SimdTier.Avx2 => SumExp<Lanes256>(source, max, target, count, length),
                SimdTier.Vector128 => SumExp<Lanes128>(source, max, target, count, length),
                _ => SumExp<ScalarLanes>(source, max, target, count, length),
            };
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Max<TLanes>(float* x, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes max0 = TLanes.Broadcast(float.NegativeInfinity), max1 = max0, max2 = max0, max3 = max0;
        int width = TLanes.Width, i = 0;
        for (; i <= length - 4 * width; i += 4 * width)
        {
            max0 = TLanes.Max(max0, TLanes.Load(x + i));
            max1 = TLanes.Max(max1, TLanes.Load(x + i + width));
            max2 = TLanes.Max(max2, TLanes.Load(x + i + 2 * width));
            max3 = TLanes.Max(max3, TLanes.Load(x + i + 3 * width));
        }
        float max = TLanes.MaxLane(TLanes.Max(TLanes.Max(max0, max1), TLanes.Max(max2, max3)));
        for (; i < length; i++)
            max = MathF.Max(max, x[i]);
        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Sum<TLanes>(float* x, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sum0 = TLanes.Broadcast(0f), sum1 = sum0;
        int width = TLanes.Width, i = 0;
        for (; i <= length - 2 * width; i += 2 * width)
        {
            sum0 += TLanes.Load(x + i);
            sum1 += TLanes.Load(x + i + width);
        }
        float rest = 0f;
        for (; i < length; i++)
            rest += x[i];
        return TLanes.Sum(sum0 + sum1) + rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ScaleAndShift<TLanes>(float factor, float shift, float* x, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes factors = TLanes.Broadcast(factor), shifts = TLanes.Broadcast(shift);
        int i = 0;
        for (; i <= length - TLanes.Width; i += TLanes.Width)
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(x + i), factors, shifts), x + i);
        for (; i < length; i++)
            ScalarLanes.Store(ScalarLanes.MultiplyAdd(ScalarLanes.Load(x + i), ScalarLanes.Broadcast(factor), ScalarLanes.Broadcast(shift)), x + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float SumExp<TLanes>(float* x, float max, float* destination, int length, nint rowLength)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sum0 = TLanes.Broadcast(0f), sum1 = sum0, shift = TLanes.Broadcast(max);
        int width = TLanes.Width, i = 0;
        for (; i <= length - 2 * width; i += 2 * width)
        {
            // Most often another row follows, and memory would rest while this one is computed.
            Prefetch.Lines(x + rowLength + i, 2 * width);
            var first = LaneMath.Exp(TLanes.Load(x + i) - shift);
            var second = LaneMath.Exp(TLanes.Load(x + i + width) - shift);
            sum0 += first;
            sum1 += second;
            if (destination != null)
            {
                TLanes.Store(first, destination + i);
                TLanes.Store(second, destination + i + width);
            }
        }
        float rest = 0f;
        for (; i < length; i++)
        {
            float term = ScalarLanes.Sum(LaneMath.Exp(ScalarLanes.Broadcast(x[i] - max)));
            rest += term;
            if (destination != null)
                destination[i] = term;
        }
        return TLanes.Sum(sum0 + sum1) + rest;
    }
}
