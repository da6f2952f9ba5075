using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Kernels;

/// <summary>
/// General matrix products C[M,N] (+)= op(A)·op(B), row-major. B is packed into panels by all threads together; then threads
/// take stretches of rows of C, packing blocks of A that fit the second-level cache beside a stretch of a panel that fits the first.
/// </summary>
/// <remarks>Blocking after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008.</remarks>
public static unsafe class Gemm
{
    // [K block, two vectors] of B and [K block, 6] of A: 22 KiB with 256-bit vectors, 38 KiB with 512-bit ones.
    const int BlockK = 256;
    const int BlockTiles = 20;
    const int BlockRows = BlockTiles * GemmTile.MaxRows;

    // From tile to tile of a packed block: a line more than it takes, lest all tiles start in the same few sets of a cache.
    const int TileStride = BlockK * GemmTile.MaxRows + 16;

    // The most columns whose sums stay near between two blocks of K: half a megabyte.
    const int KeptColumns = 1024;

    // Fewer tiles have no time to fetch more than B.
    const int FewestToFetchAhead = 8;

    // Fewer of them at a time would read B too often.
    const int FewestTiles = 3;

    // With fewer rows, packing A costs more than its strided reads.
    internal const int FewRows = 4 * GemmTile.MaxRows;

    [ThreadStatic]
    static PackedMatrix? t_packed;

    [ThreadStatic]
    static float[]? t_block;

    [ThreadStatic]
    static AlignedMemory<float>? t_kept;

    /// <summary>c [m,n] (+)= a [m,k] · b [k,n]</summary>
    public static void NN(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, bool accumulate, Span<float> c) =>
        Multiply(a, false, b, false, m, n, k, accumulate, c, []);

    /// <summary>c [m,n] (+)= a [m,k] · bᵀ, b [n,k]</summary>
    public static void NT(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, bool accumulate, Span<float> c) =>
        Multiply(a, false, b, true, m, n, k, accumulate, c, []);

    /// <summary>c [m,n] (+)= aᵀ · b, a [k,m], b [k,n]: from gradients and inputs of a layer, the gradient of its weights, and of its bias</summary>
    /// <param name="a">[k,m]</param>
    /// <param name="b">[k,n]</param>
    /// <param name="m">columns of A</param>
    /// <param name="n">columns of B</param>
    /// <param name="k">rows of both</param>
    /// <param name="accumulate">whether the product is added to C</param>
    /// <param name="c">[m,n]</param>
    /// <param name="aSums">[m] to which the rows of A are added, first row first, as <see cref="VectorKernel.AddRows"/> would; empty where nobody wants it</param>
    public static void TN(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, bool accumulate, Span<float> c, Span<float> aSums = default) =>
        Multiply(a, true, b, false, m, n, k, accumulate, c, aSums);

    static void Multiply(
        ReadOnlySpan<float> a, bool aTransposed, ReadOnlySpan<float> b, bool bTransposed, int m, int n, int k, bool accumulate, Span<float> c,
        Span<float> aSums)
    {
        if (!aSums.IsEmpty)
            Throw.IfLengthsDiffer(m, aSums.Length, nameof(aSums));
        Throw.IfLengthsDiffer(k * n, b.Length, nameof(b));
        var packed = t_packed ??= new PackedMatrix(0, 0);
        packed.Resize(k, n);
        packed.Pack(b, bTransposed);
        if (!aTransposed)
        {
            packed.Multiply(a, m, accumulate, c);
            return;
        }
        if (!packed.IsProduct(a, m, accumulate, c))
        {
            VectorKernel.AddRows(aSums.IsEmpty ? [] : a, aSums);
            return;
        }
        fixed (float* aPointer = a, cPointer = c, sums = aSums)
            MultiplyBlocks(aPointer, aTransposed, m, packed, accumulate ? cPointer : null, n, cPointer, sums);
    }

    /// <summary>c [m,N] = start + a · b, or + aᵀ · b with a [K,m]; rows of <paramref name="start"/> are <paramref name="startStride"/> apart.</summary>
    /// <param name="a">first element of A</param>
    /// <param name="aTransposed">whether A is [K,m]</param>
    /// <param name="m">rows of C</param>
    /// <param name="b">[K,N]</param>
    /// <param name="start">what the sums start at, or null for 0</param>
    /// <param name="startStride">distance of its rows; 0 where all start at the same</param>
    /// <param name="c">first element of C</param>
    /// <param name="aSums">[m] to which the rows of aᵀ are added, or null</param>
    internal static void MultiplyBlocks(float* a, bool aTransposed, int m, PackedMatrix b, float* start, int startStride, float* c, float* aSums = null)
    {
        var job = new Job(a, aTransposed, m, b, start, startStride, c, aSums);
        ComputeThreads.Run(ref job, (long)m * b.Columns * b.Rows < PackedWeights.WorthSharing ? 1 : ComputeThreads.MaxCount);
    }

    struct Job(float* a, bool aTransposed, int m, PackedMatrix b, float* start, int startStride, float* c, float* aSums) : IParallelJob
    {
        readonly int _k = b.Rows;
        readonly int _n = b.Columns;
        int _nextTile;

        public void Execute(int thread, int threads)
        {
            int tiles = (m + GemmTile.MaxRows - 1) / GemmTile.MaxRows;
            // Few rows are shared by columns: shares are equal, and B is read once. The price is that each thread packs all of A.
            if (tiles < 4 * threads || (tiles <= BlockTiles && b.PanelCount >= 8 * threads))
            {
                var (panelFrom, panelTo) = ComputeThreads.Share(b.PanelCount, thread, threads);
                if (panelFrom < panelTo)
                    Multiply(0, m, panelFrom, panelTo);
                return;
            }
            // Threads take stretches of rows as they come free, each packing its own A: a processor that others use for a while holds nobody up.
            while (Take(tiles, threads) is var (from, count) && count > 0)
                Multiply(from * GemmTile.MaxRows, Math.Min(m, (from + count) * GemmTile.MaxRows), 0, b.PanelCount);
        }

        /// <summary>The next stretch of tiles, shorter towards the end so that all threads finish together; empty when there is none.</summary>
        /// <remarks>Guided self-scheduling: Polychronopoulos and Kuck, 1987.</remarks>
        (int From, int Count) Take(int tiles, int threads)
        {
            while (true)
            {
                int from = Volatile.Read(ref _nextTile), left = tiles - from;
                int count = threads == 1 ? BlockTiles : Math.Clamp(left / (2 * threads), FewestTiles, BlockTiles);
                count = Math.Min(left, count);
                if (Interlocked.CompareExchange(ref _nextTile, from + count, from) == from)
                    return (from, count);
            }
        }

        readonly void Multiply(int rowFrom, int rowTo, int panelFrom, int panelTo)
        {
            switch (b.PanelWidth)
            {
                case 2 * 16: Blocks<Lanes512>(rowFrom, rowTo, panelFrom, panelTo); break;
                case 2 * 8: Blocks<Lanes256>(rowFrom, rowTo, panelFrom, panelTo); break;
                case 2 * 4: Blocks<Lanes128>(rowFrom, rowTo, panelFrom, panelTo); break;
                default: Blocks<ScalarLanes>(rowFrom, rowTo, panelFrom, panelTo); break;
            }
        }

        readonly void Blocks<TLanes>(int rowFrom, int rowTo, int panelFrom, int panelTo)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            t_block ??= GC.AllocateUninitializedArray<float>(BlockTiles * TileStride, pinned: true);
            fixed (float* block = t_block)
            {
                for (int from = rowFrom; from < rowTo; from += BlockRows)
                {
                    int rows = Math.Min(BlockRows, rowTo - from);
                    for (int kFrom = 0; kFrom < _k; kFrom += BlockK)
                    {
                        int kCount = Math.Min(BlockK, _k - kFrom);
                        PackBlock(from, rows, kFrom, kCount, block);
                        // What was just packed is still at hand.
                        if (aSums != null && panelFrom == 0)
                            VectorKernel.AddRows<TLanes>(a + (nint)kFrom * m, kCount, aSums, m, from, from + rows);
                        MultiplyBlock<TLanes>(block, from, rows, kFrom, kCount, panelFrom, panelTo, SourceOf(from, rows, kFrom + kCount));
                    }
                }
            }
        }

        /// <summary>What <see cref="PackBlock"/> reads next, where that is of the same rows.</summary>
        readonly SourceRows SourceOf(int from, int rows, int kFrom)
        {
            int kCount = Math.Min(BlockK, _k - kFrom);
            if (kCount <= 0)
                return default;
            return aTransposed ? new(a + (nint)kFrom * m + from, m, kCount, rows) : new(a + (nint)from * _k + kFrom, _k, rows, kCount);
        }

        /// <summary>Tiles of six rows, each [kCount, 6].</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void PackBlock(int from, int rows, int kFrom, int kCount, float* block)
        {
            if (aTransposed)
            {
                PackTransposed(a + (nint)kFrom * m + from, rows, kCount, block);
                return;
            }
            for (int row = 0; row < rows; row += GemmTile.MaxRows)
            {
                float* source = a + (nint)(from + row) * _k + kFrom, next = source + (nint)GemmTile.MaxRows * _k;
                int tileRows = Math.Min(GemmTile.MaxRows, rows - row);
                // Stretches of rows are too short for the processor to see where they lead.
                Prefetch.Rows(next, _k, tileRows, kCount);
                Transpose.Copy(source, _k, tileRows, kCount, block, GemmTile.MaxRows);
                block += TileStride;
            }
        }

        /// <summary>The same from columns of A: each row of it goes to all tiles while it is at hand.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void PackTransposed(float* source, int rows, int kCount, float* block)
        {
            const int ahead = 8;
            float* end = a + (nint)_k * m;
            for (int k = 0; k < kCount; k++, source += m)
            {
                Prefetch.Rows(source + (nint)ahead * m, m, 1, rows);
                float* destination = block + k * GemmTile.MaxRows;
                // Eight floats where six are wanted: the next k overwrites the others, so that the last must not.
                int row = 0;
                if (k + 1 < kCount)
                {
                    for (; row < rows && source + row + Vector256<float>.Count <= end; row += GemmTile.MaxRows, destination += TileStride)
                        Vector256.Load(source + row).Store(destination);
                }
                for (; row < rows; row += GemmTile.MaxRows, destination += TileStride)
                    PackedMatrix.CopyBlock(source + row, m, 1, Math.Min(GemmTile.MaxRows, rows - row), destination, GemmTile.MaxRows);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void MultiplyBlock<TLanes>(float* block, int from, int rows, int kFrom, int kCount, int panelFrom, int panelTo, SourceRows ahead)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            int wholeTiles = rows / GemmTile.MaxRows, wholeRows = wholeTiles * GemmTile.MaxRows, tiles = wholeRows < rows ? wholeTiles + 1 : wholeTiles;
            int turns = kCount / GemmTile.StepsOfTurn, keptPanel = BlockRows * b.PanelWidth;
            bool isFirst = kFrom == 0, isLast = kFrom + kCount == _k;
            float* kept = isFirst && isLast ? null : KeptSums((panelTo - panelFrom) * b.PanelWidth);
            var result = new SumRows(c, _n).From((nint)from * _n);
            var begin = isFirst ? new SumRows(start, startStride).From((nint)from * startStride) : result;
            for (int panel = panelFrom; panel < panelTo; panel++, kept += kept == null ? 0 : keptPanel)
            {
                var (column, width) = b.ColumnsOf(panel);
                var between = kept == null ? result.From(column) : new SumRows(kept, b.PanelWidth);
                SumRows source = isFirst ? begin.From(column) : between, target = isLast ? result.From(column) : between;
                // Rows that sums start at lie farther away than where they are kept; one row of bias is at hand.
                var far = isFirst && start != null && startStride > 0 ? source : target;
                // The later half of a column fetches what is packed next, the earlier half, or all of it, the stretch of B that is next.
                int fetchingB = ahead.IsEmpty || wholeTiles < FewestToFetchAhead ? tiles : wholeTiles / 2;
                var next = new Prefetch(b.Panel(panel + 1, kFrom), Prefetch.Distance(GemmTile.StepsOfTurn * b.RowBytes, fetchingB));
                byte* stretch = b.Stretch<TLanes>(panel, kFrom, kCount);
                float* farNext = far.Start + (far.Start == kept ? keptPanel : width);
                if (width == 2 * TLanes.Width)
                    TileColumn.Multiply<TLanes, WholePanel>(block, TileStride, wholeTiles, stretch, kCount, source, target, far, farNext, next, fetchingB, ref ahead);
                else if (width == TLanes.Width)
                    TileColumn.Multiply<TLanes, LeftHalf>(block, TileStride, wholeTiles, stretch, kCount, source, target, far, farNext, next, fetchingB, ref ahead);
                for (int row = width % TLanes.Width == 0 ? wholeRows : 0; row < rows; row += GemmTile.MaxRows)
                {
                    int tile = row / GemmTile.MaxRows;
                    PackedMatrix.MultiplyTile<TLanes, FloatRow, PackedRows>(
                        block + tile * TileStride, 1, stretch, width, kCount, Math.Min(GemmTile.MaxRows, rows - row),
                        source.Row(row), source.Stride, target.Row(row), target.Stride, next.Skip(tile * turns));
                }
            }
        }

        /// <summary>
        /// Memory of this thread for the sums between two blocks of K, panel by panel, or null where they would be too many. In a C whose
        /// width is a large power of two all rows of a tile lie in the same few sets of the cache and push each other out.
        /// </summary>
        static float* KeptSums(int columns) => columns > KeptColumns ? null : (t_kept ??= new AlignedMemory<float>(BlockRows * KeptColumns)).Start;
    }
}
