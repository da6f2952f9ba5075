using System.Globalization;

namespace RnnService.Models.Plots;

/// <summary>Panels of coloured cells over common rows and columns, for example each gate of a layer [units x tokens], as an SVG document.</summary>
public sealed record HeatMap
{
    const double Margin = 20, Top = 52, PanelTitle = 22, Scale = 30, Gap = 26;
    const int PanelsInRow = 3;

    /// <summary>What is shown.</summary>
    public required string Title { get; init; }

    /// <summary>A second line beneath the title: what rows are.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Names of the columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The panels, in reading order.</summary>
    public required IReadOnlyList<HeatMapPanel> Panels { get; init; }

    /// <summary>Draws.</summary>
    public string ToSvg()
    {
        int rows = Panels.Max(panel => panel.Rows.Count);
        double cellWidth = Math.Clamp(300.0 / Columns.Count, 2, 28), cellHeight = Math.Clamp(260.0 / rows, 2, 16);
        double panelWidth = Math.Max(150, Columns.Count * cellWidth), mapHeight = rows * cellHeight;
        double panelHeight = PanelTitle + mapHeight + NameLabels.HeightOf(Columns) + Scale;
        int panelsInRow = Math.Min(PanelsInRow, Panels.Count), panelRows = (Panels.Count + panelsInRow - 1) / panelsInRow;
        var canvas = new SvgCanvas(
            2 * Margin + panelsInRow * panelWidth + (panelsInRow - 1) * Gap, Top + Margin + panelRows * panelHeight + (panelRows - 1) * Gap);
        canvas.Text(Margin, 24, Title, size: 15);
        canvas.Text(Margin, 42, Subtitle, size: 11);
        for (int index = 0; index < Panels.Count; index++)
        {
            var (row, column) = Math.DivRem(index, panelsInRow);
            Draw(canvas, Panels[index], Margin + column * (panelWidth + Gap), Top + row * (panelHeight + Gap), cellWidth, cellHeight);
        }
        return canvas.ToString();
    }

    void Draw(SvgCanvas canvas, HeatMapPanel panel, double left, double top, double cellWidth, double cellHeight)
    {
        canvas.Text(left, top + PanelTitle - 8, panel.Title, size: 13);
        double mapTop = top + PanelTitle, width = Columns.Count * cellWidth, height = panel.Rows.Count * cellHeight;
        for (int row = 0; row < panel.Rows.Count; row++)
        {
            for (int column = 0; column < Columns.Count; column++)
                canvas.Rectangle(left + column * cellWidth, mapTop + row * cellHeight, cellWidth, cellHeight, panel.Scale[panel.Rows[row][column]]);
        }
        canvas.Frame(left, mapTop, width, height);
        NameLabels.Draw(canvas, Columns, index => left + (index + 0.5) * cellWidth, mapTop + height + 12);
        DrawScale(canvas, panel.Scale, left, mapTop + height + NameLabels.HeightOf(Columns) + 10);
    }

    static void DrawScale(SvgCanvas canvas, ColourScale scale, double left, double top)
    {
        const int Steps = 20;
        const double StepWidth = 4, Height = 9, Label = 34;
        canvas.Text(left + Label - 4, top + Height, Number(scale.Minimum), "end", 10);
        for (int step = 0; step < Steps; step++)
        {
            double value = scale.Minimum + (scale.Maximum - scale.Minimum) * (step + 0.5) / Steps;
            canvas.Rectangle(left + Label + step * StepWidth, top, StepWidth, Height, scale[value]);
        }
        canvas.Text(left + Label + Steps * StepWidth + 4, top + Height, Number(scale.Maximum), size: 10);
    }

    static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>One panel of a <see cref="HeatMap"/>.</summary>
/// <param name="Title">what its values are</param>
/// <param name="Rows">values, [rows][columns]</param>
/// <param name="Scale">their colours</param>
public sealed record HeatMapPanel(string Title, IReadOnlyList<IReadOnlyList<float>> Rows, ColourScale Scale);
