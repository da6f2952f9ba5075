using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>Rows of a panel in 16 bits (<see cref="HalfRow"/>): how they are written, widened, and what they are multiplied by.</summary>
static unsafe class NarrowRows
{
    /// <summary>Writes rows of numbers that <see cref="HalfFloats.Hold"/> accepts.</summary>
    /// <param name="source">[rows, panelWidth]</param>
    /// <param name="rows">number of rows</param>
    /// <param name="destination">[rows, panelWidth / 2] words</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<TLanes>(float* source, int rows, uint* destination)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int row = 0; row < rows; row++)
        {
            TLanes.StoreHalves(TLanes.Load(source), TLanes.Load(source + TLanes.Width), destination);
            source += 2 * TLanes.Width;
            destination += TLanes.Width;
        }
    }

    /// <summary>Makes floats of 32 bits of rows.</summary>
    /// <param name="source">[rows, panelWidth / 2] words</param>
    /// <param name="rows">number of rows</param>
    /// <param name="destination">[rows, panelWidth]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen<TLanes>(byte* source, int rows, float* destination)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var scale = TLanes.Broadcast(HalfFloats.Scale);
        for (int row = 0; row < rows; row++)
        {
            TLanes.Store(HalfRow.Left<TLanes>(source) * scale, destination);
            TLanes.Store(HalfRow.Right<TLanes>(source) * scale, destination + TLanes.Width);
            source += 2 * TLanes.Width * HalfRow.ColumnBytes;
            destination += 2 * TLanes.Width;
        }
    }

    /// <summary>Makes factors as much larger as the numbers in a row are too small; false where some are too large for it.</summary>
    /// <param name="source">[count]</param>
    /// <param name="count">number of factors</param>
    /// <param name="destination">[count]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryEnlarge<TLanes>(float* source, int count, float* destination)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes largest = default, scale = TLanes.Broadcast(HalfFloats.Scale);
        float largestLeft = 0;
        int i = 0;
        for (; i + TLanes.Width <= count; i += TLanes.Width)
        {
            // A NaN may hide what is too large: then every sum is NaN anyway.
            var value = TLanes.Load(source + i);
            largest = TLanes.Max(largest, TLanes.Abs(value));
            TLanes.Store(value * scale, destination + i);
        }
        for (; i < count; i++)
        {
            largestLeft = MathF.Max(largestLeft, MathF.Abs(source[i]));
            destination[i] = source[i] * HalfFloats.Scale;
        }
        return MathF.Max(largestLeft, TLanes.MaxLane(largest)) < HalfFloats.FactorLimit;
    }
}
