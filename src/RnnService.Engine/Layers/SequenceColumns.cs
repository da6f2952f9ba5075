namespace RnnService.Engine.Layers;

/// <summary>Columns of a pinned sequence [T,B,N]: all of them, or those of one direction where two lie side by side.</summary>
/// <param name="start">the first of these columns at the first step of the first row</param>
/// <param name="width">N</param>
/// <param name="count">how many columns</param>
readonly unsafe struct SequenceColumns(float* start, int width, int count)
{
    /// <summary>All columns.</summary>
    public SequenceColumns(float* start, int width)
        : this(start, width, width) { }

    /// <summary>These columns at row <paramref name="index"/> of [T*B,N].</summary>
    public Span<float> this[int index] => new(start + (nint)index * width, count);
}
