using System.Runtime.CompilerServices;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Weights of 32 bits, in panels [K, panelWidth] of two vectors of columns. Large matrices whose weights 16 bits hold exactly, as those of
/// checkpoints stored so, may be kept in 16 bits: half the memory to read, and the same bits in every product.
/// </summary>
public sealed unsafe class PackedMatrix : PackedWeights
{
    // A stretch of a panel that stays in the first-level cache while tile after tile of A goes over it.
    const int BlockRows = 256;

    // Rows that are packed at a time.
    const int PackRows = 8;

    // Panels that memory is asked for ahead of the one that is packed.
    const int PackAhead = 4;

    // Up to this size a matrix stays in a cache near the processor, where widening costs more than reading.
    internal const int LargestWide = 1 << 18;

    [ThreadStatic]
    static AlignedMemory<float>? t_stretch;

    [ThreadStatic]
    static AlignedMemory<float>? t_factors;

    readonly bool _mayNarrow;
    AlignedMemory<uint> _panels = new(0);   // floats, or two narrow ones in each

    /// <param name="rows">K</param>
    /// <param name="columns">N, a multiple of <paramref name="groups"/></param>
    /// <param name="groups">number of groups of columns</param>
    /// <param name="mayNarrow">whether it is worth a look if 16 bits hold the weights: for those that are multiplied often</param>
    public PackedMatrix(int rows, int columns, int groups = 1, bool mayNarrow = false)
    {
        _mayNarrow = mayNarrow;
        Resize(rows, columns, groups);
    }

    /// <summary>Whether the weights packed last are kept in 16 bits.</summary>
    public bool IsNarrow { get; private set; }

    /// <inheritdoc/>
    public override WeightType Type => WeightType.Float32;

    /// <inheritdoc/>
    public override long Bytes => (long)PanelCount * PanelBytes;

    /// <summary>Bytes of a row of a panel.</summary>
    internal int RowBytes => PanelWidth * (IsNarrow ? HalfRow.ColumnBytes : FloatRow.ColumnBytes);

    nint PanelBytes => (nint)Rows * RowBytes;

    /// <summary>The first element of a panel, row <paramref name="row"/>.</summary>
    internal byte* Panel(int panel, int row = 0) => (byte*)_panels.Start + panel * PanelBytes + (nint)row * RowBytes;

    private protected override void Reserve(ReadOnlySpan<float> source, bool mayNarrow)
    {
        IsNarrow = _mayNarrow && mayNarrow && source.Length > LargestWide && HalfFloats.Hold(source);
        int needed = checked((int)(Bytes / sizeof(uint)));
        if (_panels.Length < needed)
            _panels = new AlignedMemory<uint>(needed);
    }

    private protected override void MultiplyRows(float* a, int rows, float* start, int startStride, float* c)
    {
        if (rows <= Gemm.FewRows)
            base.MultiplyRows(a, rows, start, startStride, c);
        else
            Gemm.MultiplyBlocks(a, aTransposed: false, rows, this, start, startStride, c);
    }

    private protected override void MultiplyPanels(
        float* a, int aStride, int rows, int groups, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
    {
        switch (PanelWidth)
        {
            case 2 * 16: MultiplyPanels<Lanes512>(a, aStride, rows, groups, panelFrom, panelTo, start, startStride, c, cStride); break;
            case 2 * 8: MultiplyPanels<Lanes256>(a, aStride, rows, groups, panelFrom, panelTo, start, startStride, c, cStride); break;
            case 2 * 4: MultiplyPanels<Lanes128>(a, aStride, rows, groups, panelFrom, panelTo, start, startStride, c, cStride); break;
            default: MultiplyPanels<ScalarLanes>(a, aStride, rows, groups, panelFrom, panelTo, start, startStride, c, cStride); break;
        }
    }

    void MultiplyPanels<TLanes>(
        float* a, int aStride, int rows, int groups, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        bool isOneTile = rows <= GemmTile.MaxRows;
        float* factors = isOneTile && IsNarrow ? Factors<TLanes>(a, aStride, rows) : null;
        for (int group = 0; group < groups; group++)
        {
            int from = group * PanelsPerGroup + panelFrom, to = group * PanelsPerGroup + panelTo;
            if (factors != null)
                MultiplyTiles<TLanes, HalfRow>(factors, Rows, rows, from, to, start, startStride, c, cStride);
            else if (isOneTile && !IsNarrow)
                MultiplyTiles<TLanes, FloatRow>(a, aStride, rows, from, to, start, startStride, c, cStride);
            else
                MultiplyStretches<TLanes>(a, aStride, rows, from, to, start, startStride, c, cStride);
        }
    }

    private protected override void PackShare(float* source, bool transposed, int thread, int threads)
    {
        var (panelFrom, panelTo) = ComputeThreads.Share(PanelCount, thread, threads);
        if (IsNarrow)
        {
            PackNarrow(source, transposed, panelFrom, panelTo);
        }
        else if (transposed)
        {
            PackColumns(source, panelFrom, panelTo);
        }
        else
        {
            var (from, to) = ComputeThreads.Share((Rows + PackRows - 1) / PackRows, thread, threads);
            PackWholeRows(source, from * PackRows, Math.Min(Rows, to * PackRows));
        }
    }

    void PackNarrow(float* source, bool transposed, int panelFrom, int panelTo)
    {
        fixed (float* wide = new float[Rows * PanelWidth])
        {
            for (int panel = panelFrom; panel < panelTo; panel++)
            {
                PackPanel(source, transposed, panel, 0, Rows, wide);
                Narrow(wide, (uint*)Panel(panel));
            }
        }
    }

    /// <summary>Panels of a transposed source: what is written meanwhile stays in the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackColumns(float* source, int panelFrom, int panelTo)
    {
        for (int panel = panelFrom; panel < panelTo; panel++)
        {
            for (int row = 0; row < Rows; row += BlockRows)
                PackPanel(source, transposed: true, panel, row, Math.Min(BlockRows, Rows - row), (float*)Panel(panel, row));
        }
    }

    /// <summary>Rows [from, to) of all panels, some rows at a time, so that they are read as they lie in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackWholeRows(float* source, int from, int to)
    {
        for (int row = from; row < to; row += PackRows)
        {
            int rows = Math.Min(PackRows, to - row);
            for (int panel = 0; panel < PanelCount; panel++)
            {
                // The pieces of rows that a panel takes are too short for the processor to see where they lead.
                int next = panel + PackAhead, nextRow = row + next / PanelCount * PackRows;
                var (column, width) = ColumnsOf(next % PanelCount);
                Prefetch.Rows(source + (nint)nextRow * Columns + column, Columns, rows, width);
                PackPanel(source, transposed: false, panel, row, rows, (float*)Panel(panel, row));
            }
        }
    }

    /// <summary>Rows [row, row + rows) of a panel in 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackPanel(float* source, bool transposed, int panel, int row, int rows, float* destination)
    {
        var (column, width) = ColumnsOf(panel);
        if (width < PanelWidth)
            new Span<float>(destination, rows * PanelWidth).Clear();
        if (transposed)
            Transpose.Copy(source + (nint)column * Rows + row, Rows, width, rows, destination, PanelWidth);
        else
            CopyBlock(source + (nint)row * Columns + column, Columns, rows, width, destination, PanelWidth);
    }

    void Narrow(float* panel, uint* destination)
    {
        switch (PanelWidth)
        {
            case 2 * 16: NarrowRows.Write<Lanes512>(panel, Rows, destination); break;
            case 2 * 8: NarrowRows.Write<Lanes256>(panel, Rows, destination); break;
            case 2 * 4: NarrowRows.Write<Lanes128>(panel, Rows, destination); break;
            default: NarrowRows.Write<ScalarLanes>(panel, Rows, destination); break;
        }
    }

    /// <summary>Rows of a panel as floats of 32 bits: where they lie, or copied to memory of this thread that its next call uses again.</summary>
    /// <param name="panel">the panel</param>
    /// <param name="kFrom">first row</param>
    /// <param name="kCount">rows, <see cref="BlockRows"/> at most</param>
    internal byte* Stretch<TLanes>(int panel, int kFrom, int kCount)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        byte* rows = Panel(panel, kFrom);
        if (!IsNarrow)
            return rows;
        t_stretch ??= new AlignedMemory<float>(BlockRows * 2 * Lanes512.Width);
        NarrowRows.Widen<TLanes>(rows, kCount, t_stretch.Start);
        return (byte*)t_stretch.Start;
    }

    /// <summary>The rows of A as factors of narrow weights, in memory of this thread that its next call uses again.</summary>
    /// <returns>null where some are too large for it</returns>
    float* Factors<TLanes>(float* a, int aStride, int rows)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (t_factors is null || t_factors.Length < rows * Rows)
            t_factors = new AlignedMemory<float>(GemmTile.MaxRows * Rows);
        bool fits = true;
        for (int row = 0; row < rows; row++)
            fits &= NarrowRows.TryEnlarge<TLanes>(a + (nint)row * aStride, Rows, t_factors.Start + (nint)row * Rows);
        return fits ? t_factors.Start : null;
    }

    /// <summary>The rows of one tile times each panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void MultiplyTiles<TLanes, TPanelRow>(
        float* a, int aStride, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
        where TLanes : unmanaged, ILanes<TLanes>
        where TPanelRow : unmanaged, IPanelRow
    {
        nint distance = Prefetch.Distance(GemmTile.StepsOfTurn * RowBytes, tiles: 1);
        int panel = panelFrom;
        while (panel < panelTo)
        {
            var (column, width) = ColumnsOf(panel);
            if (rows == 1 && panel + GemvTile.Panels <= panelTo && IsRun(panel, GemvTile.Panels))
            {
                GemvTile.Multiply<TLanes, TPanelRow>(a, Panel(panel), PanelBytes, Rows, start == null ? null : start + column, c + column);
                panel += GemvTile.Panels;
                continue;
            }
            var next = new Prefetch(Panel(panel + 1), distance);
            MultiplyTile<TLanes, TPanelRow, StridedRows>(
                a, aStride, Panel(panel), width, Rows, rows, start == null ? null : start + column, startStride, c + column, cStride, next);
            panel++;
        }
    }

    /// <summary>Tile after tile of rows over stretch after stretch of each panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void MultiplyStretches<TLanes>(
        float* a, int aStride, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int tiles = (rows + GemmTile.MaxRows - 1) / GemmTile.MaxRows, tileRows = rows / tiles, largerTiles = rows - tiles * tileRows;
        nint distance = Prefetch.Distance(GemmTile.StepsOfTurn * RowBytes, tiles);
        for (int panel = panelFrom; panel < panelTo; panel++)
        {
            var (column, width) = ColumnsOf(panel);
            for (int kFrom = 0; kFrom < Rows; kFrom += BlockRows)
            {
                int kCount = Math.Min(BlockRows, Rows - kFrom);
                float* from = kFrom > 0 ? c : start;
                int fromStride = kFrom > 0 ? cStride : startStride;
                byte* stretch = Stretch<TLanes>(panel, kFrom, kCount);
                var next = new Prefetch(Panel(panel, kFrom + kCount), distance);
                for (int tile = 0, row = 0; tile < tiles; tile++)
                {
                    int count = tile < largerTiles ? tileRows + 1 : tileRows;
                    MultiplyTile<TLanes, FloatRow, StridedRows>(
                        a + (nint)row * aStride + kFrom, aStride, stretch, width, kCount, count,
                        from == null ? null : from + (nint)row * fromStride + column, fromStride, c + (nint)row * cStride + column, cStride, next);
                    row += count;
                    next = next.Skip(kCount / GemmTile.StepsOfTurn);
                }
            }
        }
    }

    /// <summary>
    /// One tile of rows times a stretch of one panel. Start and C point at the panel's first column; columns that the panel was filled up
    /// with are not written.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MultiplyTile<TLanes, TPanelRow, TTileRows>(
        float* a, nint rowStride, byte* stretch, int width, int kCount, int rows, float* start, int startStride,
        float* c, int cStride, Prefetch next)
        where TLanes : unmanaged, ILanes<TLanes>
        where TPanelRow : unmanaged, IPanelRow
        where TTileRows : unmanaged, ITileRows
    {
        if (width == 2 * TLanes.Width)
            GemmTile.Multiply<TLanes, TPanelRow, TTileRows, WholePanel>(a, rowStride, stretch, kCount, rows, start, startStride, c, cStride, next);
        else if (width <= TLanes.Width)
            MultiplyLastPanel<TLanes, TPanelRow, TTileRows, LeftHalf>(a, rowStride, stretch, kCount, rows, width, start, startStride, c, cStride, next);
        else
            MultiplyLastPanel<TLanes, TPanelRow, TTileRows, WholePanel>(a, rowStride, stretch, kCount, rows, width, start, startStride, c, cStride, next);
    }

    /// <summary>Of the last panel of a matrix, or of a group of its columns: by way of memory where vectors reach over the end of C's rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyLastPanel<TLanes, TPanelRow, TTileRows, TWidth>(
        float* a, nint rowStride, byte* stretch, int kCount, int rows, int width, float* start, int startStride, float* c, int cStride,
        Prefetch next)
        where TLanes : unmanaged, ILanes<TLanes>
        where TPanelRow : unmanaged, IPanelRow
        where TTileRows : unmanaged, ITileRows
        where TWidth : IPanelWidth
    {
        int tileWidth = TWidth.Vectors * TLanes.Width;
        if (width == tileWidth)
        {
            GemmTile.Multiply<TLanes, TPanelRow, TTileRows, TWidth>(a, rowStride, stretch, kCount, rows, start, startStride, c, cStride, next);
            return;
        }
        float* partial = stackalloc float[GemmTile.MaxRows * tileWidth];
        if (start != null)
            CopyBlock(start, startStride, rows, width, partial, tileWidth);
        GemmTile.Multiply<TLanes, TPanelRow, TTileRows, TWidth>(
            a, rowStride, stretch, kCount, rows, start == null ? null : partial, tileWidth, partial, tileWidth, next);
        CopyBlock(partial, tileWidth, rows, width, c, cStride);
    }

    /// <summary>Copies the left <paramref name="width"/> columns of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CopyBlock(float* source, int sourceStride, int rows, int width, float* destination, int destinationStride)
    {
        // A few floats a row: a call of the general copy for each would take longer than the copying.
        for (int row = 0; row < rows; row++)
        {
            int column = 0;
            for (; column + 4 <= width; column += 4)
                Lanes128.Store(Lanes128.Load(source + column), destination + column);
            for (; column < width; column++)
                destination[column] = source[column];
            source += sourceStride;
            destination += destinationStride;
        }
    }
}
