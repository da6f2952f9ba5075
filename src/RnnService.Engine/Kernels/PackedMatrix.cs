using System.Runtime.CompilerServices;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Kernels;

/// <summary>
/// The right-hand matrix [K,N] of a product, laid out as the tile kernels read it: panels of two vectors of columns, each panel
/// [K, panelWidth] in one run of memory, the last one of a group filled up with zeros. Packed once, multiplied many times.
/// </summary>
/// <remarks>Columns may form groups of equal size (the gates of a cell) that panels do not straddle, so that a thread can take the same
/// units of every gate.</remarks>
public sealed unsafe class PackedMatrix
{
    // A stretch of a panel that stays in the first-level cache while tile after tile of A goes over it.
    const int BlockRows = 256;

    Tensor _panels;

    /// <param name="rows">K</param>
    /// <param name="columns">N, a multiple of <paramref name="groups"/></param>
    /// <param name="groups">number of groups of columns</param>
    public PackedMatrix(int rows, int columns, int groups = 1)
    {
        _panels = new Tensor(0);
        Resize(rows, columns, groups);
    }

    /// <summary>K.</summary>
    public int Rows { get; private set; }

    /// <summary>N.</summary>
    public int Columns { get; private set; }

    /// <summary>Groups of columns.</summary>
    public int Groups { get; private set; }

    /// <summary>Columns of a group.</summary>
    public int GroupSize { get; private set; }

    /// <summary>Panels of a group.</summary>
    public int PanelsPerGroup { get; private set; }

    /// <summary>Panels of all groups.</summary>
    public int PanelCount => PanelsPerGroup * Groups;

    /// <summary>Columns of a panel: twice the lanes of the tier in use when the matrix was sized.</summary>
    public int PanelWidth { get; private set; }

    /// <summary>Takes other sizes; memory is kept where it is large enough. What was packed is lost.</summary>
    public void Resize(int rows, int columns, int groups = 1)
    {
        Throw.IfNotPositive(groups, nameof(groups));
        if (columns % groups != 0)
            throw new ArgumentException($"{nameof(columns)}: expected a multiple of {groups} groups, found {columns}.");
        (Rows, Columns, Groups, GroupSize) = (rows, columns, groups, columns / groups);
        PanelWidth = 2 * SimdTiers.LaneCount(SimdTiers.Current);
        PanelsPerGroup = (GroupSize + PanelWidth - 1) / PanelWidth;
        int needed = checked(PanelCount * PanelWidth * rows);
        if (_panels.Length < needed)
            _panels = new Tensor(needed);
    }

    /// <summary>Packs <paramref name="source"/> [K,N].</summary>
    public void Pack(ReadOnlySpan<float> source) => Pack(source, transposed: false);

    /// <summary>Packs the transpose of <paramref name="source"/> [N,K]: what x·Wᵀ multiplies by.</summary>
    public void PackTransposed(ReadOnlySpan<float> source) => Pack(source, transposed: true);

    /// <summary>c [rows,N] = a [rows,K] · this, or c += ….</summary>
    public void Multiply(ReadOnlySpan<float> a, int rows, bool accumulate, Span<float> c) => Gemm.Multiply(a, false, this, rows, accumulate, c);

    /// <summary>c [rows,N] = a [rows,K] · this + bias [N] in every row.</summary>
    public void MultiplyWithBias(ReadOnlySpan<float> a, int rows, ReadOnlySpan<float> bias, Span<float> c) =>
        Gemm.MultiplyWithBias(a, this, rows, bias, c);

    /// <summary>The first element of a panel, row <paramref name="row"/>.</summary>
    internal float* Panel(int panel, int row = 0) => Start + ((nint)panel * Rows + row) * PanelWidth;

    /// <summary>First column of a panel and the number of its columns.</summary>
    internal (int Column, int Width) ColumnsOf(int panel)
    {
        int group = panel / PanelsPerGroup;
        int within = (panel - group * PanelsPerGroup) * PanelWidth;
        return (group * GroupSize + within, Math.Min(PanelWidth, GroupSize - within));
    }

    /// <summary>
    /// c[:, columns of the panels] = start + a · these panels, on the calling thread; rows of A, start and C are so far apart as their
    /// strides say; <paramref name="start"/> may be C, one row of bias (stride 0) or null for 0.
    /// </summary>
    internal void MultiplyPanels(
        float* a, int aStride, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
    {
        switch (PanelWidth)
        {
            case 2 * 16: MultiplyPanels<Lanes512>(a, aStride, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
            case 2 * 8: MultiplyPanels<Lanes256>(a, aStride, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
            case 2 * 4: MultiplyPanels<Lanes128>(a, aStride, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
            default: MultiplyPanels<ScalarLanes>(a, aStride, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
        }
    }

    /// <summary>Packs the panels [from, to) of this matrix from an unpacked one, on the calling thread.</summary>
    /// <param name="source">first element</param>
    /// <param name="sourceStride">distance of rows of the source</param>
    /// <param name="transposed">whether the source is [N,K]</param>
    /// <param name="from">first panel</param>
    /// <param name="to">panel after the last</param>
    internal void PackPanels(float* source, int sourceStride, bool transposed, int from, int to)
    {
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

    float* Start
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (float*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(_panels.Span));
    }

    internal void Pack(ReadOnlySpan<float> source, bool transposed)
    {
        Throw.IfLengthsDiffer(Rows * Columns, source.Length, nameof(source));
        fixed (float* pointer = source)
        {
            var job = new PackJob(this, pointer, transposed);
            ComputeThreads.Run(ref job, source.Length < 1 << 14 ? 1 : PanelCount);
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
            var (column, width) = ColumnsOf(panel);
            if (rows == 1 && panel + GemvTile.Panels <= panelTo && panel % PanelsPerGroup + GemvTile.Panels <= PanelsPerGroup
                && column % GroupSize + GemvTile.Panels * PanelWidth <= GroupSize)
            {
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
                        from == null ? null : from + (nint)rowFrom * fromStride, fromStride, c + (nint)rowFrom * cStride, cStride);
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
        float* a, nint rowStride, nint kStride, int panel, int kFrom, int kCount, int rows, float* start, int startStride, float* c, int cStride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var (column, width) = ColumnsOf(panel);
        float* b = Panel(panel, kFrom);
        start = start == null ? null : start + column;
        c += column;
        if (width == 2 * TLanes.Width)
            GemmTile.Multiply<TLanes>(a, rowStride, kStride, b, kCount, rows, start, startStride, c, cStride);
        else
            MultiplyPartialTile<TLanes>(a, rowStride, kStride, b, kCount, rows, width, start, startStride, c, cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyPartialTile<TLanes>(
        float* a, nint rowStride, nint kStride, float* b, int kCount, int rows, int width, float* start, int startStride, float* c, int cStride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int panelWidth = 2 * TLanes.Width;
        float* partial = stackalloc float[GemmTile.MaxRows * panelWidth];
        if (start != null)
            CopyBlock(start, startStride, rows, width, partial, panelWidth);
        GemmTile.Multiply<TLanes>(a, rowStride, kStride, b, kCount, rows, start == null ? null : partial, panelWidth, partial, panelWidth);
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

    readonly struct PackJob(PackedMatrix matrix, float* source, bool transposed) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(matrix.PanelCount, thread, threads);
            matrix.PackPanels(source, transposed ? matrix.Rows : matrix.Columns, transposed, from, to);
        }
    }
}
