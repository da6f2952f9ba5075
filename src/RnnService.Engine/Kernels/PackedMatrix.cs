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

    /// <summary>The first element of a panel, row <paramref name="row"/>.</summary>
    internal float* Panel(int panel, int row = 0) => Start + ((nint)panel * Rows + row) * PanelWidth;

    /// <summary>First column of a panel and the number of its columns.</summary>
    internal (int Column, int Width) ColumnsOf(int panel)
    {
        int group = panel / PanelsPerGroup;
        int within = (panel - group * PanelsPerGroup) * PanelWidth;
        return (group * GroupSize + within, Math.Min(PanelWidth, GroupSize - within));
    }

    /// <summary>c[:, columns of the panels] (+)= a · these panels, on the calling thread; rows of A are <paramref name="aStride"/> apart.</summary>
    internal void MultiplyPanels(float* a, int aStride, int rows, int panelFrom, int panelTo, bool accumulate, float* c, int cStride)
    {
        switch (PanelWidth)
        {
            case 2 * 16: MultiplyPanels<Lanes512>(a, aStride, rows, panelFrom, panelTo, accumulate, c, cStride); break;
            case 2 * 8: MultiplyPanels<Lanes256>(a, aStride, rows, panelFrom, panelTo, accumulate, c, cStride); break;
            case 2 * 4: MultiplyPanels<Lanes128>(a, aStride, rows, panelFrom, panelTo, accumulate, c, cStride); break;
            default: MultiplyPanels<ScalarLanes>(a, aStride, rows, panelFrom, panelTo, accumulate, c, cStride); break;
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
                CopyRows(source + column, sourceStride, width, destination);
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

    void CopyRows(float* source, int sourceStride, int width, float* destination)
    {
        for (int row = 0; row < Rows; row++)
        {
            new ReadOnlySpan<float>(source, width).CopyTo(new Span<float>(destination, width));
            source += sourceStride;
            destination += PanelWidth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void MultiplyPanels<TLanes>(float* a, int aStride, int rows, int panelFrom, int panelTo, bool accumulate, float* c, int cStride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        nint panelStride = (nint)Rows * PanelWidth;
        int tiles = (rows + GemmTile.MaxRows - 1) / GemmTile.MaxRows;
        float* partial = stackalloc float[GemmTile.MaxRows * 2 * TLanes.Width];
        int panel = panelFrom;
        while (panel < panelTo)
        {
            var (column, width) = ColumnsOf(panel);
            if (rows == 1 && panel + GemvTile.Panels <= panelTo && panel % PanelsPerGroup + GemvTile.Panels <= PanelsPerGroup
                && column % GroupSize + GemvTile.Panels * PanelWidth <= GroupSize)
            {
                GemvTile.Multiply<TLanes>(a, Panel(panel), panelStride, Rows, accumulate, c + column);
                panel += GemvTile.Panels;
                continue;
            }
            for (int kFrom = 0; kFrom < Rows; kFrom += BlockRows)
            {
                bool add = accumulate || kFrom > 0;
                int kCount = Math.Min(BlockRows, Rows - kFrom);
                for (int tile = 0; tile < tiles; tile++)
                {
                    var (from, to) = ComputeThreads.Share(rows, tile, tiles);
                    float* tileA = a + (nint)from * aStride + kFrom;
                    float* tileC = c + (nint)from * cStride + column;
                    if (width == PanelWidth)
                    {
                        GemmTile.Multiply<TLanes>(tileA, aStride, 1, Panel(panel, kFrom), kCount, to - from, add, tileC, cStride);
                        continue;
                    }
                    if (add)
                        CopyBlock(tileC, cStride, to - from, width, partial, PanelWidth);
                    GemmTile.Multiply<TLanes>(tileA, aStride, 1, Panel(panel, kFrom), kCount, to - from, add, partial, PanelWidth);
                    CopyBlock(partial, PanelWidth, to - from, width, tileC, cStride);
                }
            }
            panel++;
        }
    }

    /// <summary>Copies the left <paramref name="width"/> columns of some rows.</summary>
    internal static void CopyBlock(float* source, int sourceStride, int rows, int width, float* destination, int destinationStride)
    {
        for (int row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(source + (nint)row * sourceStride, width)
                .CopyTo(new Span<float>(destination + (nint)row * destinationStride, width));
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
