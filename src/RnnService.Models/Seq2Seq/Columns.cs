namespace RnnService.Models.Seq2Seq;

/// <summary>Copies between rows of some width and a run of their columns.</summary>
static class Columns
{
    /// <summary>Fills columns of rows.</summary>
    /// <param name="x">[N,<paramref name="size"/>]</param>
    /// <param name="size">how many columns</param>
    /// <param name="first">the first of them</param>
    /// <param name="width">of a row</param>
    /// <param name="rows">[N,<paramref name="width"/>]</param>
    public static void Put(ReadOnlySpan<float> x, int size, int first, int width, Span<float> rows)
    {
        for (int row = 0; row < x.Length / size; row++)
            x.Slice(row * size, size).CopyTo(rows[(row * width + first)..]);
    }

    /// <summary>The reverse.</summary>
    /// <param name="rows">[N,<paramref name="width"/>]</param>
    /// <param name="width">of a row</param>
    /// <param name="first">the first column</param>
    /// <param name="size">how many</param>
    /// <param name="x">[N,<paramref name="size"/>]</param>
    public static void Take(ReadOnlySpan<float> rows, int width, int first, int size, Span<float> x)
    {
        for (int row = 0; row < x.Length / size; row++)
            rows.Slice(row * width + first, size).CopyTo(x[(row * size)..]);
    }
}
