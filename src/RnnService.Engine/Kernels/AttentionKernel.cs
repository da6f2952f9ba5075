using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>
/// The scores of additive attention (Bahdanau et al. 2015) of one query q over S keys k[j]: score[j] = sum over i of v[i] tanh(k[j,i] + q[i]).
/// tanh is computed anew in the backward pass: that takes no longer than reading it back from memory.
/// </summary>
static unsafe class AttentionKernel
{
    /// <summary>keys [S,A], query [A], v [A] to scores [S].</summary>
    /// <exception cref="ArgumentException">other lengths</exception>
    public static void AdditiveScores(ReadOnlySpan<float> keys, ReadOnlySpan<float> query, ReadOnlySpan<float> v, Span<float> scores)
    {
        CheckLengths(keys, query, v, scores.Length);
        fixed (float* k = keys, q = query, w = v, s = scores)
        {
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: Scores<Lanes512>(k, q, w, scores.Length, query.Length, s); break;
                case SimdTier.Avx2: Scores<Lanes256>(k, q, w, scores.Length, query.Length, s); break;
                case SimdTier.Vector128: Scores<Lanes128>(k, q, w, scores.Length, query.Length, s); break;
                default: Scores<ScalarLanes>(k, q, w, scores.Length, query.Length, s); break;
            }
        }
    }

    /// <summary>keys [S,A], query [A], v [A], dScores [S]; adds to dKeys [S,A], dQuery [A] and dV [A].</summary>
    /// <exception cref="ArgumentException">other lengths</exception>
    public static void AdditiveScoresBackward(
        ReadOnlySpan<float> keys, ReadOnlySpan<float> query, ReadOnlySpan<float> v, ReadOnlySpan<float> dScores,
        Span<float> dKeys, Span<float> dQuery, Span<float> dV)
    {
        int steps = dScores.Length, size = query.Length;
        CheckLengths(keys, query, v, steps);
        Throw.IfLengthsDiffer(keys.Length, dKeys.Length, nameof(dKeys));
        Throw.IfLengthsDiffer(size, dQuery.Length, nameof(dQuery));
        Throw.IfLengthsDiffer(size, dV.Length, nameof(dV));
        fixed (float* k = keys, q = query, w = v, ds = dScores, dk = dKeys, dq = dQuery, dw = dV)
        {
            int unit = SimdTiers.Current switch
            {
                SimdTier.Avx512 => Backward<Lanes512>(k, q, w, ds, steps, size, 0, dk, dq, dw),
                SimdTier.Avx2 => Backward<Lanes256>(k, q, w, ds, steps, size, 0, dk, dq, dw),
                SimdTier.Vector128 => Backward<Lanes128>(k, q, w, ds, steps, size, 0, dk, dq, dw),
                _ => 0,
            };
            Backward<ScalarLanes>(k, q, w, ds, steps, size, unit, dk, dq, dw);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scores<TLanes>(float* keys, float* query, float* v, int steps, int size, float* scores)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int width = TLanes.Width;
        for (int step = 0; step < steps; step++, keys += size)
        {
            TLanes sum0 = TLanes.Broadcast(0f), sum1 = sum0;
            var rest = ScalarLanes.Broadcast(0f);
            int i = 0;
            for (; i <= size - 2 * width; i += 2 * width)
            {
                sum0 = TLanes.MultiplyAdd(Hidden<TLanes>(keys, query, i), TLanes.Load(v + i), sum0);
                sum1 = TLanes.MultiplyAdd(Hidden<TLanes>(keys, query, i + width), TLanes.Load(v + i + width), sum1);
            }
            for (; i < size; i++)
                rest = ScalarLanes.MultiplyAdd(Hidden<ScalarLanes>(keys, query, i), ScalarLanes.Load(v + i), rest);
            scores[step] = TLanes.Sum(sum0 + sum1) + ScalarLanes.Sum(rest);
        }
    }

    /// <summary>Units from <paramref name="from"/> on, as many as fill vectors; gives the first one left. The sums of a unit stay in registers over all steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Backward<TLanes>(
        float* keys, float* query, float* v, float* dScores, int steps, int size, int from, float* dKeys, float* dQuery, float* dV)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int unit = from;
        var one = TLanes.Broadcast(1f);
        for (; unit <= size - TLanes.Width; unit += TLanes.Width)
        {
            TLanes queryGradient = TLanes.Load(dQuery + unit), vGradient = TLanes.Load(dV + unit), weights = TLanes.Load(v + unit);
            for (int step = 0; step < steps; step++)
            {
                nint row = (nint)step * size;
                var hidden = Hidden<TLanes>(keys + row, query, unit);
                var dScore = TLanes.Broadcast(dScores[step]);
                vGradient = TLanes.MultiplyAdd(dScore, hidden, vGradient);
                var dSum = dScore * weights * (one - hidden * hidden);
                queryGradient += dSum;
                TLanes.Store(TLanes.Load(dKeys + row + unit) + dSum, dKeys + row + unit);
            }
            TLanes.Store(queryGradient, dQuery + unit);
            TLanes.Store(vGradient, dV + unit);
        }
        return unit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Hidden<TLanes>(float* key, float* query, int unit)
        where TLanes : unmanaged, ILanes<TLanes> => LaneMath.Tanh(TLanes.Load(key + unit) + TLanes.Load(query + unit));

    static void CheckLengths(ReadOnlySpan<float> keys, ReadOnlySpan<float> query, ReadOnlySpan<float> v, int steps)
    {
        Throw.IfLengthsDiffer(steps * query.Length, keys.Length, nameof(keys));
        Throw.IfLengthsDiffer(query.Length, v.Length, nameof(v));
    }
}
