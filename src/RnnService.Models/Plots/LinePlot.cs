namespace RnnService.Models.Plots;

/// <summary>Curves over a common axis, with marks, names and a legend, as an SVG document.</summary>
public sealed record LinePlot
{
    const double Left = 74, Right = 24, Top = 42, Width = 560, Height = 320, LegendRow = 18, CurveWidth = 1.8;

    // Okabe and Ito 2008: told apart by readers with any colour vision.
    static readonly string[] s_colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    /// <summary>What is shown.</summary>
    public required string Title { get; init; }

    /// <summary>What the horizontal axis counts.</summary>
    public required string XLabel { get; init; }

    /// <summary>What the vertical axis measures.</summary>
    public required string YLabel { get; init; }

    /// <summary>Whether the vertical axis shows powers of ten at equal distances; points of 0 or less then have no place and are left out.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Names of x = 0, 1, 2 … in place of numbers; null for numbers.</summary>
    public IReadOnlyList<string>? XNames { get; init; }

    /// <summary>The curves.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>Draws.</summary>
    public string ToSvg()
    {
        double names = XNames is null ? 0 : NameLabels.HeightOf(XNames);
        double bottom = Top + Height, legend = bottom + 56 + names;
        var points = Series.SelectMany(series => Shown(series)).ToArray();
        var canvas = new SvgCanvas(Left + Width + Right, legend + Series.Count * LegendRow + 6);
        var y = PlotAxis.Over(points.Select(point => point.Y), bottom, Top, IsLogarithmic);
        var x = PlotAxis.Over(XNames is null ? points.Select(point => point.X) : [0, XNames.Count - 1], Left, Left + Width, isLogarithmic: false);
        canvas.Text(Left, 24, Title, size: 15);
        DrawAxes(canvas, x, y, bottom, names);
        for (int index = 0; index < Series.Count; index++)
            Draw(canvas, Series[index], x, y, legend + index * LegendRow);
        return canvas.ToString();
    }

    void DrawAxes(SvgCanvas canvas, PlotAxis x, PlotAxis y, double bottom, double names)
    {
        foreach (double tick in y.Ticks)
        {
            canvas.Line(Left, y[tick], Left + Width, y[tick], SvgCanvas.Faint);
            canvas.Text(Left - 6, y[tick] + 4, y.Label(tick), "end");
        }
        if (XNames is not null)
            NameLabels.Draw(canvas, XNames, index => x[index], bottom + 12);
        else
            foreach (double tick in x.Ticks)
                canvas.Text(x[tick], bottom + 18, x.Label(tick), "middle");
        canvas.Line(Left, bottom, Left + Width, bottom);
        canvas.Line(Left, Top, Left, bottom);
        canvas.Text(Left + Width / 2, bottom + 34 + names, XLabel, "middle");
        canvas.Text(16, Top + Height / 2, YLabel, "middle", angle: -90);
    }

    void Draw(SvgCanvas canvas, LineSeries series, PlotAxis x, PlotAxis y, double legend)
    {
        string colour = s_colours[series.Colour % s_colours.Length];
        var places = Shown(series).Select(point => (X: x[point.X], Y: y[point.Y])).ToArray();
        canvas.Polyline(places, colour, CurveWidth, series.IsDashed);
        // Few points are marked: a single one has no line.
        if (places.Length <= 64)
            foreach (var place in places)
                canvas.Circle(place.X, place.Y, 2.4, colour);
        canvas.Line(Left, legend, Left + 28, legend, colour, CurveWidth, series.IsDashed);
        canvas.Text(Left + 36, legend + 4, series.Name);
    }

    IEnumerable<(double X, double Y)> Shown(LineSeries series) =>
        series.Points.Where(point => double.IsFinite(point.Y) && (!IsLogarithmic || point.Y > 0));
}

/// <summary>One curve of a <see cref="LinePlot"/>.</summary>
/// <param name="Name">in the legend</param>
/// <param name="Points">in order of x; what is not finite is left out</param>
/// <param name="Colour">curves of the same number have the same colour</param>
/// <param name="IsDashed">tells curves of the same colour apart</param>
public sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points, int Colour, bool IsDashed = false);
