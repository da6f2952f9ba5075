using System.Runtime.CompilerServices;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Kernels;

/// <summary>Weights of 32 bits, in panels [K, panelWidth] of two vectors of columns.</summary>
public sealed unsafe class PackedMatrix : PackedWeights
{
    // A stretch of a panel that stays in the first-level cache while tile after tile of A goes over it.
    const int BlockRows = 256;

    AlignedMemory<float> _panels = new(0);

    /// <param name="rows">K</param>
    /// <param name="columns">N, a multiple of <paramref name="groups"/></param>
    /// <param name="groups">number of groups of columns</param>
    public PackedMatrix(int rows, int columns, int groups = 1) => Resize(rows, columns, groups);

    /// <inheritdoc/>
    public override WeightType Type => WeightType.Float32;

    /// <inheritdoc/>
    public override long Bytes => (long)PanelCount * PanelWidth * Rows * sizeof(float);

    /// <summary>The first element of a panel, row <paramref name="row"/>.</summary>
    internal float* Panel(int panel, int row = 0) => _panels.Start + ((nint)panel * Rows + row) * PanelWidth;

    private protected override void Reserve()
    {
        int needed = checked(PanelCount * PanelWidth * Rows);
        if (_panels.Length < needed)
            _panels = new AlignedMemory<float>(needed);
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
        for (int group = 0; group < groups; group++)
        {
            int first = group * PanelsPerGroup;
            switch (PanelWidth)
            {
                case 2 * 16: MultiplyPanels<Lanes512>(a, aStride, rows, first + panelFrom, first + panelTo, start, startStride, c, cStride); break;
                case 2 * 8: MultiplyPanels<Lanes256>(a, aStride, rows, first + panelFrom, first + panelTo, start, startStride, c, cStride); break;
                case 2 * 4: MultiplyPanels<Lanes128>(a, aStride, rows, first + panelFrom, first + panelTo, start, startStride, c, cStride); break;
                default: MultiplyPanels<ScalarLanes>(a, aStride, rows, first + panelFrom, first + panelTo, start, startStride, c, cStride); break;
            }
        }
    }

    private protected override void PackPanels(float* source, bool transposed, int from, int to)
    {
        int sourceStride = transposed ? Rows : Columns;
        for (int panel = from; panel < to; panel++)
        {
            var (column, width) = ColumnsOf(panel);
            float* destination = Panel(panel);
            if (width < PanelWidth)
                new Span<float>(destination, Rows * PanelWidth).Clear();
            if (transposed)
                Transpose.Copy(source + (nint)column * sourceStride, sourceStride, width, Rows, destination, PanelWidth);
            else
                CopyBlock(source + column, sourceStride, Rows, width, destination, PanelWidth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void MultiplyPanels<TLanes>(
        float* a, int aStride, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        nint panelStride = (nint)Rows * PanelWidth;
        int tiles = (rows + GemmTile.MaxRows - 1) / GemmTile.MaxRows;
        int panel = panelFrom;
        while (panel < panelTo)
        {
            if (rows == 1 && panel + GemvTile.Panels <= panelTo && IsRun(panel, GemvTile.Panels))
            {
                int column = ColumnsOf(panel).Column;
                GemvTile.Multiply<TLanes>(a, Panel(panel), panelStride, Rows, start == null ? null : start + column, c + column);
                panel += GemvTile.Panels;
                continue;
            }
            for (int kFrom = 0; kFrom < Rows; kFrom += BlockRows)
            {
                int kCount = Math.Min(BlockRows, Rows - kFrom);
                float* from = kFrom > 0 ? c : start;
                int fromStride = kFrom > 0 ? cStride : startStride;
                for (int tile = 0; tile < tiles; tile++)
                {
                    var (rowFrom, rowTo) = ComputeThreads.Share(rows, tile, tiles);
                    MultiplyTile<TLanes>(
                        a + (nint)rowFrom * aStride + kFrom, aStride, 1, panel, kFrom, kCount, rowTo - rowFrom,
                        from == null ? null : from + (nint)rowFrom * fromStride, fromStride, c + (nint)rowFrom * cStride, cStride,
                        Prefetch.Share(Panel(panel, kFrom + kCount), PanelWidth * sizeof(float), kCount, tile, tiles));
                }
            }
            panel++;
        }
    }

    /// <summary>
    /// One tile of rows times a stretch of one panel. Start and C point at column 0 of their rows; columns that the panel was filled up with
    /// are not written.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void MultiplyTile<TLanes>(
        float* a, nint rowStride, nint kStride, int panel, int kFrom, int kCount, int rows, float* start, int startStride, float* c, int cStride,
        Prefetch next)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var (column, width) = ColumnsOf(panel);
        float* b = Panel(panel, kFrom);
        start = start == null ? null : start + column;
        c += column;
        if (width == 2 * TLanes.Width)
            GemmTile.Multiply<TLanes>(a, rowStride, kStride, b, kCount, rows, start, startStride, c, cStride, next);
        else
            MultiplyPartialTile<TLanes>(a, rowStride, kStride, b, kCount, rows, width, start, startStride, c, cStride, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyPartialTile<TLanes>(
        float* a, nint rowStride, nint kStride, float* b, int kCount, int rows, int width, float* start, int startStride, float* c, int cStride,
        Prefetch next)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int panelWidth = 2 * TLanes.Width;
        float* partial = stackalloc float[GemmTile.MaxRows * panelWidth];
        if (start != null)
            CopyBlock(start, startStride, rows, width, partial, panelWidth);
        GemmTile.Multiply<TLanes>(a, rowStride, kStride, b, kCount, rows, start == null ? null : partial, panelWidth, partial, panelWidth, next);
        CopyBlock(partial, panelWidth, rows, width, c, cStride);
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
