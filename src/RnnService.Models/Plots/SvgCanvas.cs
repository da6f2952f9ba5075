using System.Globalization;
using System.Text;

namespace RnnService.Models.Plots;

/// <summary>A picture in Scalable Vector Graphics 1.1 with a white ground; lengths are pixels, from the top left.</summary>
/// <param name="width">of the picture</param>
/// <param name="height">of the picture</param>
sealed class SvgCanvas(double width, double height)
{
    public const string Ink = "#222222", Faint = "#dddddd";

    readonly StringBuilder _body = new();

    public void Line(double x1, double y1, double x2, double y2, string stroke = Ink, double strokeWidth = 1, bool dashed = false) =>
        Write($"""<line x1="{x1:0.##}" y1="{y1:0.##}" x2="{x2:0.##}" y2="{y2:0.##}" stroke="{stroke}" stroke-width="{strokeWidth:0.##}"{Dash(dashed)}/>""");

    public void Polyline(IEnumerable<(double X, double Y)> points, string stroke, double strokeWidth, bool dashed)
    {
        string path = string.Join(' ', points.Select(point => Invariant($"{point.X:0.##},{point.Y:0.##}")));
        Write($"""<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{strokeWidth:0.##}"{Dash(dashed)}/>""");
    }

    public void Circle(double x, double y, double radius, string fill) =>
        Write($"""<circle cx="{x:0.##}" cy="{y:0.##}" r="{radius:0.##}" fill="{fill}"/>""");

    public void Rectangle(double x, double y, double rectangleWidth, double rectangleHeight, string fill) =>
        Write($"""<rect x="{x:0.##}" y="{y:0.##}" width="{rectangleWidth:0.##}" height="{rectangleHeight:0.##}" fill="{fill}"/>""");

    public void Frame(double x, double y, double frameWidth, double frameHeight) =>
        Write($"""<rect x="{x:0.##}" y="{y:0.##}" width="{frameWidth:0.##}" height="{frameHeight:0.##}" fill="none" stroke="{Ink}"/>""");

    /// <param name="x">where the anchor is</param>
    /// <param name="y">the base line</param>
    /// <param name="text">any text; what XML cannot hold becomes a replacement character</param>
    /// <param name="anchor">start, middle or end</param>
    /// <param name="size">of the font</param>
    /// <param name="angle">degrees, clockwise</param>
    public void Text(double x, double y, string text, string anchor = "start", double size = 12, double angle = 0)
    {
        string turn = angle == 0 ? "" : Invariant($" transform=\"rotate({angle:0.##} {x:0.##} {y:0.##})\"");
        Write($"""<text x="{x:0.##}" y="{y:0.##}" font-size="{size:0.##}" text-anchor="{anchor}"{turn}>{Escape(text)}</text>""");
    }

    /// <summary>The whole document.</summary>
    public override string ToString() => Invariant($"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0.##} {height:0.##}" width="{width:0.##}" height="{height:0.##}" font-family="Helvetica, Arial, sans-serif" fill="{Ink}">
        <rect width="100%" height="100%" fill="white"/>
        {_body}</svg>

        """);

    static string Dash(bool dashed) => dashed ? " stroke-dasharray=\"5 3\"" : "";

    static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                < ' ' or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }
        return escaped.ToString();
    }

    void Write(FormattableString element) => _body.Append(Invariant(element)).Append('\n');

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
