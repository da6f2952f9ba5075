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
    AlignedMemory<int> _firstSums = new(0);

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
            (_scales, _firstSums) = (new AlignedMemory<float>(columns), new AlignedMemory<int>(columns));
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
                var packed = Panel(panel, PanelStride);
                new Span<sbyte>(packed.Weights, (int)PanelStride).Clear();
                new Span<float>(packed.Scales, PanelWidth).Clear();
                new Span<int>(packed.FirstSums, PanelWidth).Clear();
                for (int j = 0; j < width; j++)
                {
                    float* start = source + (transposed ? (nint)(first + j) * Rows : first + j);
                    PackedMatrix.CopyBlock(start, transposed ? 1 : Columns, Rows, 1, column, 1);
                    packed.Scales[j] = Int8Quantizer.Quantize(column, Rows, Int8Quantizer.WeightLimit, 0, bytes);
                    PlaceColumn(bytes, packed.Weights + j * WordSize, packed.FirstSums + j);
                }
            }
        }
    }

    /// <summary>Spreads a column over its panel. Its sums start at the opposite of what the zero of the values adds to them.</summary>
    void PlaceColumn(sbyte* column, sbyte* destination, int* firstSum)
    {
        int sum = 0;
        for (int k = 0; k < Rows; k++)
        {
            destination[(nint)(k / WordSize) * PanelWidth * WordSize + k % WordSize] = column[k];
            sum += column[k];
        }
        *firstSum = -Int8Quantizer.ValueZero * sum;
    }

    Int8Panel Panel(int panel, nint panelStride)
    {
        nint column = (nint)panel * PanelWidth;
        return new(_panels.Start + panel * panelStride, _scales.Start + column, _firstSums.Start + column);
    }

    void MultiplyBlock(QuantizedRows a, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
    {
        switch (PanelWidth)
        {
            case 2 * 8: MultiplyBlock<Int8Lanes256>(a, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
            case 2 * 4: MultiplyBlock<Int8Lanes128>(a, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
            default: MultiplyBlock<ScalarInt8Lanes>(a, rows, panelFrom, panelTo, start, startStride, c, cStride); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void MultiplyBlock<TLanes>(QuantizedRows a, int rows, int panelFrom, int panelTo, float* start, int startStride, float* c, int cStride)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        int words = Words, tiles = (rows + Int8Tile.MaxRows - 1) / Int8Tile.MaxRows, tileRows = rows / tiles, largerTiles = rows - tiles * tileRows;
        nint panelStride = PanelStride, distance = Prefetch.Distance(PanelWidth * WordSize, tiles);
        for (int panel = panelFrom; panel < panelTo; panel++)
        {
            var (column, width) = ColumnsOf(panel);
            var b = Panel(panel, panelStride);
            float* columnStart = start == null ? null : start + column;
            if (rows == 1 && panel + Int8Tile.Panels <= panelTo && IsRun(panel, Int8Tile.Panels))
            {
                Int8Tile.MultiplyRow<TLanes>(a.Row(0), *a.Scales, b, panelStride, words, columnStart, c + column);
                panel += Int8Tile.Panels - 1;
                continue;
            }
            var next = new Prefetch((byte*)b.Weights + panelStride, distance);
            for (int tile = 0, row = 0; tile < tiles; tile++)
            {
                int count = tile < largerTiles ? tileRows + 1 : tileRows;
                MultiplyTile<TLanes>(
                    a, row, count, b, width, columnStart == null ? null : columnStart + (nint)row * startStride, startStride,
                    c + (nint)row * cStride + column, cStride, next);
                row += count;
                next = next.Skip(words);
            }
        }
    }

    /// <summary>One tile times one panel; where that is filled up with columns that do not exist, by way of memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void MultiplyTile<TLanes>(
        QuantizedRows a, int row, int rows, Int8Panel b, int width, float* start, int startStride, float* c, int cStride, Prefetch next)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        if (width == 2 * TLanes.Width)
            Int8Tile.Multiply<TLanes>(a.Row(row), a.Stride, a.Scales + row, rows, b, Words, start, startStride, c, cStride, next);
        else
            MultiplyLastPanel<TLanes>(a, row, rows, b, width, start, startStride, c, cStride, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void MultiplyLastPanel<TLanes>(
        QuantizedRows a, int row, int rows, Int8Panel b, int width, float* start, int startStride, float* c, int cStride, Prefetch next)
        where TLanes : unmanaged, IInt8Lanes<TLanes>
    {
        float* partial = stackalloc float[Int8Tile.MaxRows * 2 * TLanes.Width];
        if (start != null)
            PackedMatrix.CopyBlock(start, startStride, rows, width, partial, PanelWidth);
        Int8Tile.Multiply<TLanes>(
            a.Row(row), a.Stride, a.Scales + row, rows, b, Words, start == null ? null : partial, PanelWidth, partial, PanelWidth, next);
        PackedMatrix.CopyBlock(partial, PanelWidth, rows, width, c, cStride);
    }
}
