namespace RnnService.Engine.Kernels;

/// <summary>Where rows of sums start or go to.</summary>
/// <param name="start">the first element, or null where sums start at 0</param>
/// <param name="stride">distance of rows; 0 where all are the same</param>
readonly unsafe struct SumRows(float* start, int stride)
{
    /// <summary>The first element.</summary>
    public float* Start => start;

    /// <summary>Distance of rows.</summary>
    public int Stride => stride;

    /// <summary>The first element of a row, or null.</summary>
    public float* Row(int row) => start == null ? null : start + (nint)row * stride;

    /// <summary>The same rows from another column on.</summary>
    public SumRows From(nint column) => start == null ? this : new(start + column, stride);
}
