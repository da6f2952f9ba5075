using System.Runtime.CompilerServices;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Kernels;

/// <summary>
/// Weights of 8 bits with one scale a column (an output of the layer), in panels [K/4, panelWidth, 4]. Rows of A are rounded to 7 bits at each
/// product, with a scale of their own; sums are exact, so every tier gives the same bits.
/// </summary>
/// <remarks>A row or a column with a value that is not finite gives NaN.</remarks>
public sealed unsafe class PackedInt8Matrix : PackedWeights
{
    // The rows of A that stay in the second-level cache while panel after panel goes over them.
    const int BlockRows = 32 * Int8Tile.MaxRows;
    const int WordSize = sizeof(int);

    [ThreadStatic]
    static QuantizedRows? t_rows;

    AlignedMemory<sbyte> _panels = new(0);
    AlignedMemory<float> _scales = new(0);
    AlignedMemory<int> _starts = new(0);

    /// <param name="rows">K</param>
    /// <param name="columns">N, a multiple of <paramref name="groups"/></param>
    /// <param name="groups">number of groups of columns</param>
    public PackedInt8Matrix(int rows, int columns, int groups = 1) => Resize(rows, columns, groups);

    /// <inheritdoc/>
    public override WeightType Type => WeightType.Int8;

    /// <inheritdoc/>
    public override long Bytes => PanelCount * PanelStride + (long)PanelCount * PanelWidth * (sizeof(float) + sizeof(int));

    int Words => (Rows + WordSize - 1) / WordSize;

    nint PanelStride => (nint)Words * PanelWidth * WordSize;

    private protected override void Reserve(ReadOnlySpan<float> source, bool mayNarrow)
    {
        int needed = checked(PanelCount * PanelWidth * Words * WordSize);
        if (_panels.Length < needed)
            _panels = new AlignedMemory<sbyte>(needed);
        int columns = PanelCount * PanelWidth;
        if (_scales.Length < columns)
            (_scales, _starts) = (new AlignedMemory<float>(columns), new AlignedMemory<int>(columns));
    }

    private protected override int LaneCount(SimdTier tier) => Math.Min(SimdTiers.LaneCount(tier), Int8Lanes256.Width);

    private protected override void MultiplyPanels(
        float* a, int aStride, int rows, int groups, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
    {
        var quantized = t_rows ??= new QuantizedRows();
        for (int row = 0; row < rows; row += BlockRows)
        {
            int count = Math.Min(BlockRows, rows - row);
            quantized.Set(a + (nint)row * aStride, aStride, count, Rows);
            float* from = start == null ? null : start + (nint)row * startStride;
            for (int group = 0; group < groups; group++)
            {
                int first = group * PanelsPerGroup;
                MultiplyBlock(quantized, count, first + panelFrom, first + panelTo, from, startStride, c + (nint)row * cStride, cStride);
            }
        }
    }

    private protected override void PackShare(float* source, bool transposed, int thread, int threads)
    {
        var (from, to) = ComputeThreads.Share(PanelCount, thread, threads);
        float[] values = new float[Rows];
        sbyte[] quantized = new sbyte[Int8Quantizer.PaddedLength(Rows)];
        fixed (float* column = values)
        fixed (sbyte* bytes = quantized)
        {
            for (int panel = from; panel < to; panel++)
            {
                var (first, width) = ColumnsOf(panel);
                new Span<sbyte>(Panel(panel), (int)PanelStride).Clear();
                new Span<float>(Scales(panel), PanelWidth).Clear();
                new Span<int>(Starts(panel), PanelWidth).Clear();
                for (int j = 0; j < width; j++)
                {
                    float* start = source + (transposed ? (nint)(first + j) * Rows : first + j);
                    PackedMatrix.CopyBlock(start, transposed ? 1 : Columns, Rows, 1, column, 1);
                    Scales(panel)[j] = Int8Quantizer.Quantize(column, Rows, Int8Quantizer.WeightLimit, 0, bytes);
                    PlaceColumn(bytes, Panel(panel) + j * WordSize, Starts(panel) + j);
                }
            }
        }
    }

    /// <summary>Spreads a column over its panel. Sums start at what the zero of the values adds to them too much.</summary>
    void PlaceColumn(sbyte* column, sbyte* destination, int* start)
    {
        int sum = 0;
        for (int k = 0; k < Rows; k++)
        {
            destination[(nint)(k / WordSize) * PanelWidth * WordSize + k % WordSize] = column[k];
            sum += column[k];
        }
        *start = -Int8Quantizer.ValueZero * sum;
    }

    sbyte* Panel(int panel) => _panels.Start + panel * PanelStride;

    float* Scales(int panel) => _scales.Start + (nint)panel * PanelWidth;

    int* Starts(int panel) => _starts.Start + (nint)panel * PanelWidth;

    void MultiplyBlock(QuantizedRows a, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
    {
        switch (PanelWidth)
        {
            case 2 * 8: MultiplyBlock<Int8Lanes256, Lanes256>(a, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
            case 2 * 4: MultiplyBlock<Int8Lanes128, Lanes128>(a, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
            default: MultiplyBlock<ScalarInt8Lanes, ScalarLanes>(a, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void MultiplyBlock<TInt8Lanes, TLanes>(
        QuantizedRows a, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
        where TInt8Lanes : unmanaged, IInt8Lanes<TInt8Lanes>
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int panelWidth = PanelWidth, words = Words, tiles = (rows + Int8Tile.MaxRows - 1) / Int8Tile.MaxRows;
        nint distance = Prefetch.Distance(panelWidth * WordSize, tiles);
        int* sums = stackalloc int[Math.Max(Int8Tile.Panels, Int8Tile.MaxRows) * panelWidth];
        nint panelStride = PanelStride;
        for (int panel = panelFrom; panel < panelTo; panel++)
        {
            var (column, width) = ColumnsOf(panel);
            sbyte* b = Panel(panel);
            float* scales = Scales(panel), columnStart = start == null ? null : start + column, columnC = c + column;
            if (rows == 1 && panel + Int8Tile.Panels <= panelTo && IsRun(panel, Int8Tile.Panels))
            {
                Int8Tile.MultiplyRow<TInt8Lanes>(a.Row(0), b, panelStride, words, Starts(panel), sums);
                Scale<TLanes>(sums, a.Scale(0), scales, Int8Tile.Panels * panelWidth, columnStart, columnC);
                panel += Int8Tile.Panels - 1;
                continue;
            }
            var next = new Prefetch((byte*)(b + panelStride), distance);
            for (int tile = 0; tile < tiles; tile++)
            {
                var (from, to) = ComputeThreads.Share(rows, tile, tiles);
                Int8Tile.Multiply<TInt8Lanes>(a.Row(from), a.Stride, to - from, b, words, Starts(panel), sums, next);
                next = next.Skip(words);
                for (int row = from; row < to; row++)
                {
                    float* rowStart = columnStart == null ? null : columnStart + (nint)row * startStride;
                    Scale<TLanes>(sums + (row - from) * panelWidth, a.Scale(row), scales, width, rowStart, columnC + (nint)row * cStride);
                }
            }
        }
    }

    /// <summary>c[j] = start[j] + sums[j] * (rowScale * columnScales[j])</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Scale<TLanes>(int* sums, float rowScale, float* columnScales, int count, float* start, float* c)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // Multiplied, then added: a fused step would round differently where the processor has none.
        int j = 0;
        var scale = TLanes.Broadcast(rowScale);
        for (; j + TLanes.Width <= count; j += TLanes.Width)
        {
            var product = TLanes.Convert(sums + j) * (scale * TLanes.Load(columnScales + j));
            TLanes.Store(start == null ? product : TLanes.Load(start + j) + product, c + j);
        }
        for (; j < count; j++)
        {
            float product = sums[j] * (rowScale * columnScales[j]);
            c[j] = start == null ? product : start[j] + product;
        }
    }
}
