using RnnService.Engine.Threading;

namespace RnnService.Engine.Kernels;

/// <summary>
/// The right-hand matrix [K,N] of a product, laid out for the kernels in panels of some columns, each panel in one run of memory, the last
/// one of a group filled up with zeros. Packed once, multiplied many times, by many threads at once.
/// </summary>
/// <remarks>Columns may form groups of equal size (the gates of a cell) that panels do not straddle, so that a thread can take the same
/// units of every gate.</remarks>
public abstract unsafe class PackedWeights
{
    // With fewer products, waking a thread costs more than it saves.
    internal const int WorthSharing = 1 << 17;

    // Panels that a thread takes at a time: a few microseconds of work, and a multiple of what the one-row kernels read side by side.
    const int StretchPanels = 8;

    private protected PackedWeights() { }

    /// <summary>How the weights are kept.</summary>
    public abstract WeightType Type { get; }

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

    /// <summary>Columns of a panel: two vectors of the tier in use when the matrix was sized.</summary>
    public int PanelWidth { get; private set; }

    /// <summary>Bytes of memory that one product reads.</summary>
    public abstract long Bytes { get; }

    /// <summary>An empty matrix of a type.</summary>
    public static PackedWeights Create(WeightType type) => type == WeightType.Int8 ? new PackedInt8Matrix(0, 0) : new PackedMatrix(0, 0, mayNarrow: true);

    /// <summary>This matrix, or where it is of another type an empty one of <paramref name="type"/>.</summary>
    internal PackedWeights As(WeightType type) => Type == type ? this : Create(type);

    /// <summary>Takes other sizes; memory is kept where it is large enough. What was packed is lost.</summary>
    /// <param name="rows">K</param>
    /// <param name="columns">N, a multiple of <paramref name="groups"/></param>
    /// <param name="groups">number of groups of columns</param>
    public void Resize(int rows, int columns, int groups = 1)
    {
        Throw.IfNotPositive(groups, nameof(groups));
        if (columns % groups != 0)
            throw new ArgumentException($"{nameof(columns)}: expected a multiple of {groups} groups, found {columns}.");
        (Rows, Columns, Groups, GroupSize) = (rows, columns, groups, columns / groups);
        PanelWidth = 2 * LaneCount(SimdTiers.Current);
        PanelsPerGroup = (GroupSize + PanelWidth - 1) / PanelWidth;
    }

    /// <summary>Packs <paramref name="source"/> [K,N].</summary>
    public void Pack(ReadOnlySpan<float> source) => Pack(source, transposed: false);

    /// <summary>Packs the transpose of <paramref name="source"/> [N,K]: what x·Wᵀ multiplies by.</summary>
    /// <param name="source">the weights</param>
    /// <param name="mayNarrow">whether 16 bits will do where they hold the weights; not for what is packed anew at every step</param>
    public void PackTransposed(ReadOnlySpan<float> source, bool mayNarrow = true) => Pack(source, transposed: true, mayNarrow);

    /// <summary>c [rows,N] = a [rows,K] · this, or c += ….</summary>
    public void Multiply(ReadOnlySpan<float> a, int rows, bool accumulate, Span<float> c)
    {
        if (!IsProduct(a, rows, accumulate, c))
            return;
        fixed (float* aPointer = a, cPointer = c)
            MultiplyRows(aPointer, rows, accumulate ? cPointer : null, Columns, cPointer);
    }

    /// <summary>c [rows,N] = a [rows,K] · this + bias [N] in every row.</summary>
    public void MultiplyWithBias(ReadOnlySpan<float> a, int rows, ReadOnlySpan<float> bias, Span<float> c)
    {
        Throw.IfLengthsDiffer(Columns, bias.Length, nameof(bias));
        if (!IsProduct(a, rows, accumulate: false, c))
        {
            for (int row = 0; row < rows; row++)
                bias.CopyTo(c.Slice(row * Columns, Columns));
            return;
        }
        fixed (float* aPointer = a, biasPointer = bias, cPointer = c)
            MultiplyRows(aPointer, rows, biasPointer, 0, cPointer);
    }

    /// <summary>Whether there is anything to multiply; where sums are empty, C is what it would be without them.</summary>
    internal bool IsProduct(ReadOnlySpan<float> a, int rows, bool accumulate, Span<float> c)
    {
        Throw.IfLengthsDiffer(rows * Rows, a.Length, nameof(a));
        Throw.IfLengthsDiffer(rows * Columns, c.Length, nameof(c));
        if (Rows == 0 && !accumulate)
            c.Clear();
        return !c.IsEmpty && Rows > 0;
    }

    /// <summary>First column of a panel and the number of its columns.</summary>
    internal (int Column, int Width) ColumnsOf(int panel)
    {
        int group = panel / PanelsPerGroup;
        int within = (panel - group * PanelsPerGroup) * PanelWidth;
        return (group * GroupSize + within, Math.Min(PanelWidth, GroupSize - within));
    }

    /// <summary>Whether <paramref name="count"/> panels from this one on are full and their columns neighbours.</summary>
    internal bool IsRun(int panel, int count)
    {
        int within = panel % PanelsPerGroup + count;
        return within <= PanelsPerGroup && within * PanelWidth <= GroupSize;
    }

    /// <summary>
    /// c[:, columns of the panels] = start + a · these panels, on the calling thread; rows of A, start and C are so far apart as their
    /// strides say; <paramref name="start"/> may be C, one row of bias (stride 0) or null for 0.
    /// </summary>
    internal void MultiplyPanels(
        float* a, int aStride, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride) =>
        MultiplyPanels(a, aStride, rows, groups: 1, panelFrom, panelTo, start, startStride, c, cStride);

    /// <summary>The same as <see cref="MultiplyPanels(float*, int, int, int, int, float*, int, float*, int)"/> for the same panels of every group.</summary>
    internal void MultiplyGroups(
        float* a, int aStride, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride) =>
        MultiplyPanels(a, aStride, rows, Groups, panelFrom, panelTo, start, startStride, c, cStride);

    /// <summary>c [rows,N] = start + a [rows,K] · this by all threads.</summary>
    private protected virtual void MultiplyRows(float* a, int rows, float* start, int startStride, float* c)
    {
        var job = new RowsJob(this, a, rows, start, startStride, c);
        ComputeThreads.Run(ref job, (long)rows * Rows * Columns < WorthSharing ? 1 : ComputeThreads.MaxCount);
    }

    /// <summary>Panels [from, to) of the first group and those that lie as in the <paramref name="groups"/> after it.</summary>
    private protected abstract void MultiplyPanels(
        float* a, int aStride, int rows, int groups, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride);

    /// <summary>Columns in a vector of a tier.</summary>
    private protected virtual int LaneCount(SimdTier tier) => SimdTiers.LaneCount(tier);

    /// <summary>Makes room for what is packed next.</summary>
    /// <param name="source">[K,N] or its transpose</param>
    /// <param name="mayNarrow">whether 16 bits will do where they hold the weights</param>
    private protected abstract void Reserve(ReadOnlySpan<float> source, bool mayNarrow);

    /// <summary>Packs one thread's share of the weights.</summary>
    /// <param name="source">first element of [K,N], or [N,K] where it is transposed</param>
    /// <param name="transposed">whether the source is [N,K]</param>
    /// <param name="thread">which share</param>
    /// <param name="threads">number of shares</param>
    private protected abstract void PackShare(float* source, bool transposed, int thread, int threads);

    internal void Pack(ReadOnlySpan<float> source, bool transposed, bool mayNarrow = true)
    {
        Throw.IfLengthsDiffer(Rows * Columns, source.Length, nameof(source));
        Reserve(source, mayNarrow);
        fixed (float* pointer = source)
        {
            var job = new PackJob(this, pointer, transposed);
            ComputeThreads.Run(ref job, source.Length < 1 << 14 ? 1 : ComputeThreads.MaxCount);
        }
    }

    readonly struct PackJob(PackedWeights weights, float* source, bool transposed) : IParallelJob
    {
        public void Execute(int thread, int threads) => weights.PackShare(source, transposed, thread, threads);
    }

    /// <summary>Threads take stretches of panels as they come free: a processor that others use for a while holds nobody up.</summary>
    struct RowsJob(PackedWeights weights, float* a, int rows, float* start, int startStride, float* c) : IParallelJob
    {
        int _nextPanel;

        public void Execute(int thread, int threads)
        {
            int panels = weights.PanelCount, stretch = threads == 1 ? panels : StretchPanels;
            for (int panel; (panel = Interlocked.Add(ref _nextPanel, stretch) - stretch) < panels;)
            {
                weights.MultiplyPanels(
                    a, weights.Rows, rows, panel, Math.Min(panels, panel + stretch), start, startStride, c, weights.Columns);
            }
        }
    }
}
