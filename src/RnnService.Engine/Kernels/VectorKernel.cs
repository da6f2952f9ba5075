using System.Runtime.CompilerServices;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Sums and updates of whole vectors. Element-wise results are the same bits on every tier; sums are taken in an order that depends on
/// the tier, never on threads. The destination may be the source itself; an overlap that starts elsewhere throws.
/// </summary>
public static unsafe class VectorKernel
{
    /// <summary>Elements summed in float before the sum goes on in double.</summary>
    const int Block = 2048;

    // Elements that are exchanged at a time, through the stack.
    const int SwapStretch = 256;

    // Less than this is read faster than a thread is woken.
    const int WorthSharing = 1 << 16;

    [ThreadStatic]
    static float[]? t_blockSums;

    /// <summary>Sum of x[i] * y[i]; x [n], y [n].</summary>
    /// <exception cref="ArgumentException">other lengths</exception>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        fixed (float* px = x, py = y)
        {
            return SimdTiers.Current switch
            {
                SimdTier.Avx512 => Dot<Lanes512>(px, py, x.Length),
                SimdTier.Avx2 => Dot<Lanes256>(px, py, x.Length),
                SimdTier.Vector128 => Dot<Lanes128>(px, py, x.Length),
                _ => Dot<ScalarLanes>(px, py, x.Length),
            };
        }
    }

    /// <summary>Sum of x[i]^2; x [n]. Blocks are summed in float and added up in double, so that long vectors lose nothing.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        int blocks = (x.Length + Block - 1) / Block;
        if (t_blockSums is null || t_blockSums.Length < blocks)
            t_blockSums = new float[blocks];
        fixed (float* source = x, sums = t_blockSums)
        {
            var job = new SquaresJob(source, x.Length, blocks, sums);
            ComputeThreads.Run(ref job, x.Length < WorthSharing ? 1 : blocks);
        }
        double sum = 0;
        foreach (float blockSum in t_blockSums.AsSpan(0, blocks))
            sum += blockSum;
        return sum;
    }

    /// <summary>destination[i] += x[i]; x [n], destination [n].</summary>
    /// <exception cref="ArgumentException">other lengths, or a shifted overlap</exception>
    public static void Add(ReadOnlySpan<float> x, Span<float> destination) => MultiplyAdd(x, 1f, destination);

    /// <summary>destination[i] += x[i] * factor; x [n], destination [n].</summary>
    /// <exception cref="ArgumentException">other lengths, or a shifted overlap</exception>
    public static void MultiplyAdd(ReadOnlySpan<float> x, float factor, Span<float> destination)
    {
        Throw.IfLengthsDiffer(x.Length, destination.Length, nameof(destination));
        Throw.IfOverlapIsShifted(x, destination, nameof(destination));
        fixed (float* source = x, target = destination)
        {
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: MultiplyAdd<Lanes512>(source, factor, target, x.Length); break;
                case SimdTier.Avx2: MultiplyAdd<Lanes256>(source, factor, target, x.Length); break;
                case SimdTier.Vector128: MultiplyAdd<Lanes128>(source, factor, target, x.Length); break;
                default: MultiplyAdd<ScalarLanes>(source, factor, target, x.Length); break;
            }
        }
    }

    /// <summary>destination[i] = x[i] * factor; x [n], destination [n].</summary>
    /// <exception cref="ArgumentException">other lengths, or a shifted overlap</exception>
    public static void Scale(ReadOnlySpan<float> x, float factor, Span<float> destination)
    {
        Throw.IfLengthsDiffer(x.Length, destination.Length, nameof(destination));
        Throw.IfOverlapIsShifted(x, destination, nameof(destination));
        fixed (float* source = x, target = destination)
        {
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: Scale<Lanes512>(source, factor, target, x.Length); break;
                case SimdTier.Avx2: Scale<Lanes256>(source, factor, target, x.Length); break;
                case SimdTier.Vector128: Scale<Lanes128>(source, factor, target, x.Length); break;
                default: Scale<ScalarLanes>(source, factor, target, x.Length); break;
            }
        }
    }

    /// <summary>Exchanges x [n] and y [n].</summary>
    /// <exception cref="ArgumentException">other lengths, or an overlap</exception>
    public static void Swap(Span<float> x, Span<float> y)
    {
        Throw.IfLengthsDiffer(x.Length, y.Length, nameof(y));
        Throw.IfOverlaps(x, y, nameof(y));
        Span<float> stretch = stackalloc float[Math.Min(x.Length, SwapStretch)];
        for (int from = 0; from < x.Length; from += SwapStretch)
        {
            int count = Math.Min(SwapStretch, x.Length - from);
            x.Slice(from, count).CopyTo(stretch);
            y.Slice(from, count).CopyTo(x[from..]);
            stretch[..count].CopyTo(y[from..]);
        }
    }

    /// <summary>destination[i] = max(destination[i], x[i]); x [n], destination [n]. Which one of NaN and a number is not defined.</summary>
    /// <exception cref="ArgumentException">other lengths, or a shifted overlap</exception>
    public static void Max(ReadOnlySpan<float> x, Span<float> destination)
    {
        Throw.IfLengthsDiffer(x.Length, destination.Length, nameof(destination));
        Throw.IfOverlapIsShifted(x, destination, nameof(destination));
        fixed (float* source = x, target = destination)
        {
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: Max<Lanes512>(source, target, x.Length); break;
                case SimdTier.Avx2: Max<Lanes256>(source, target, x.Length); break;
                case SimdTier.Vector128: Max<Lanes128>(source, target, x.Length); break;
                default: Max<ScalarLanes>(source, target, x.Length); break;
            }
        }
    }

    /// <summary>Adds every row to destination, first row first; rows [R,N], destination [N]. The same bits on every tier.</summary>
    /// <exception cref="ArgumentException">rows is not a whole number of rows of destination's length, or overlaps it</exception>
    public static void AddRows(ReadOnlySpan<float> rows, Span<float> destination)
    {
        int rowLength = destination.Length;
        if (rowLength == 0 && rows.Length == 0)
            return;
        Throw.IfNotWholeRows(rows.Length, rowLength, nameof(rows));
        Throw.IfOverlaps(rows, destination, nameof(destination));
        fixed (float* source = rows, target = destination)
        {
            var job = new AddRowsJob(source, rows.Length / rowLength, target, rowLength);
            ComputeThreads.Run(ref job, rows.Length < WorthSharing ? 1 : (rowLength + AddRowsJob.Strip - 1) / AddRowsJob.Strip);
        }
    }

    /// <summary>Whether any element is NaN or infinite; x [n].</summary>
    public static bool AnyNonFinite(ReadOnlySpan<float> x)
    {
        fixed (float* source = x)
        {
            return SimdTiers.Current switch
            {
                SimdTier.Avx512 => AnyNonFinite<Lanes512>(source, x.Length),
                SimdTier.Avx2 => AnyNonFinite<Lanes256>(source, x.Length),
                SimdTier.Vector128 => AnyNonFinite<Lanes128>(source, x.Length),
                _ => AnyNonFinite<ScalarLanes>(source, x.Length),
            };
        }
    }

    // Four accumulators hide the latency of the multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Dot<TLanes>(float* x, float* y, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sum0 = TLanes.Broadcast(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        int width = TLanes.Width, i = 0;
        for (; i <= length - 4 * width; i += 4 * width)
        {
            sum0 = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(y + i), sum0);
            sum1 = TLanes.MultiplyAdd(TLanes.Load(x + i + width), TLanes.Load(y + i + width), sum1);
            sum2 = TLanes.MultiplyAdd(TLanes.Load(x + i + 2 * width), TLanes.Load(y + i + 2 * width), sum2);
            sum3 = TLanes.MultiplyAdd(TLanes.Load(x + i + 3 * width), TLanes.Load(y + i + 3 * width), sum3);
        }
        for (; i <= length - width; i += width)
            sum0 = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(y + i), sum0);
        var rest = ScalarLanes.Broadcast(0f);
        for (; i < length; i++)
            rest = ScalarLanes.MultiplyAdd(ScalarLanes.Load(x + i), ScalarLanes.Load(y + i), rest);
        return TLanes.Sum((sum0 + sum1) + (sum2 + sum3)) + ScalarLanes.Sum(rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyAdd<TLanes>(float* x, float factor, float* destination, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        var factors = TLanes.Broadcast(factor);
        for (; i <= length - TLanes.Width; i += TLanes.Width)
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(x + i), factors, TLanes.Load(destination + i)), destination + i);
        var one = ScalarLanes.Broadcast(factor);
        for (; i < length; i++)
            ScalarLanes.Store(ScalarLanes.MultiplyAdd(ScalarLanes.Load(x + i), one, ScalarLanes.Load(destination + i)), destination + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scale<TLanes>(float* x, float factor, float* destination, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        var factors = TLanes.Broadcast(factor);
        for (; i <= length - TLanes.Width; i += TLanes.Width)
            TLanes.Store(TLanes.Load(x + i) * factors, destination + i);
        for (; i < length; i++)
            destination[i] = x[i] * factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Max<TLanes>(float* x, float* destination, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int i = 0;
        for (; i <= length - TLanes.Width; i += TLanes.Width)
            TLanes.Store(TLanes.Max(TLanes.Load(x + i), TLanes.Load(destination + i)), destination + i);
        for (; i < length; i++)
            destination[i] = MathF.Max(x[i], destination[i]);
    }

    // Four rows at a time, each in stretches long enough for the processor to see where they lead, short enough for the sums to stay at hand.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddRows<TLanes>(float* rows, int rowCount, float* destination, int rowLength, int columnFrom, int columnTo)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        const int stretch = 1024;
        for (int from = columnFrom; from < columnTo; from += stretch)
        {
            int count = Math.Min(stretch, columnTo - from), row = 0;
            float* source = rows + from;
            for (; row + 4 <= rowCount; row += 4, source += 4 * (nint)rowLength)
                AddFourRows<TLanes>(source, rowLength, destination + from, count);
            for (; row < rowCount; row++, source += rowLength)
                MultiplyAdd<TLanes>(source, 1f, destination + from, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddFourRows<TLanes>(float* row0, nint rowLength, float* destination, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* row1 = row0 + rowLength, row2 = row1 + rowLength, row3 = row2 + rowLength;
        int i = 0;
        for (; i <= length - TLanes.Width; i += TLanes.Width)
        {
            var sum = TLanes.Load(destination + i) + TLanes.Load(row0 + i) + TLanes.Load(row1 + i) + TLanes.Load(row2 + i) + TLanes.Load(row3 + i);
            TLanes.Store(sum, destination + i);
        }
        for (; i < length; i++)
            destination[i] = destination[i] + row0[i] + row1[i] + row2[i] + row3[i];
    }

    // 0 times a finite number is 0, times any other NaN; NaN survives every sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static bool AnyNonFinite<TLanes>(float* x, int length)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes zero = TLanes.Broadcast(0f), sum0 = zero, sum1 = zero;
        int width = TLanes.Width, i = 0;
        for (; i <= length - 2 * width; i += 2 * width)
        {
            sum0 = TLanes.MultiplyAdd(TLanes.Load(x + i), zero, sum0);
            sum1 = TLanes.MultiplyAdd(TLanes.Load(x + i + width), zero, sum1);
        }
        float rest = 0f;
        for (; i < length; i++)
            rest += x[i] * 0f;
        return float.IsNaN(TLanes.Sum(sum0 + sum1) + rest);
    }

    readonly struct SquaresJob(float* x, int length, int blocks, float* sums) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(blocks, thread, threads);
            for (int block = from; block < to; block++)
            {
                var values = new ReadOnlySpan<float>(x + (nint)block * Block, Math.Min(Block, length - block * Block));
                sums[block] = Dot(values, values);
            }
        }
    }

    readonly struct AddRowsJob(float* rows, int rowCount, float* destination, int rowLength) : IParallelJob
    {
        /// <summary>Threads share whole strips: no two of them write the same line of memory.</summary>
        public const int Strip = 32;

        public void Execute(int thread, int threads)
        {
            var (first, end) = ComputeThreads.Share((rowLength + Strip - 1) / Strip, thread, threads);
            int from = first * Strip, to = Math.Min(rowLength, end * Strip);
            switch (SimdTiers.Current)
            {
                case SimdTier.Avx512: AddRows<Lanes512>(rows, rowCount, destination, rowLength, from, to); break;
                case SimdTier.Avx2: AddRows<Lanes256>(rows, rowCount, destination, rowLength, from, to); break;
                case SimdTier.Vector128: AddRows<Lanes128>(rows, rowCount, destination, rowLength, from, to); break;
                default: AddRows<ScalarLanes>(rows, rowCount, destination, rowLength, from, to); break;
            }
        }
    }
}
