namespace RnnService.Models.Plots;

/// <summary>Names beneath a horizontal axis, turned so that long ones do not meet; of many only as many as have room.</summary>
static class NameLabels
{
    const double Size = 11, Distance = 12;
    const int LongestName = 16;

    /// <summary>How much room names take, pixels.</summary>
    public static double HeightOf(IReadOnlyList<string> names) =>
        names.Count == 0 ? 0 : 8 + Size * 0.5 * names.Max(name => Math.Min(name.Length, LongestName));

    /// <param name="canvas">to draw on</param>
    /// <param name="names">in order</param>
    /// <param name="place">where a name's mark is, pixels</param>
    /// <param name="top">where names begin</param>
    public static void Draw(SvgCanvas canvas, IReadOnlyList<string> names, Func<int, double> place, double top)
    {
        double last = double.NegativeInfinity;
        for (int index = 0; index < names.Count; index++)
        {
            double x = place(index);
            if (x - last < Distance)
                continue;
            last = x;
            canvas.Text(x + 4, top, Shorten(names[index]), "end", Size, -60);
        }
    }

    static string Shorten(string name) => name.Length <= LongestName ? name : string.Concat(name.AsSpan(0, LongestName - 1), "…");
}
