using System.Globalization;
using RnnService.Models.Plots;

namespace RnnService.Models.Inspection;

/// <summary>An <see cref="TextInspection"/> as pictures, SVG.</summary>
public static class InspectionPlots
{
    /// <summary>Units shown of a layer; of more, those whose h changes most.</summary>
    public const int MostUnits = 40;

    static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["i"] = "input gate i",
        ["f"] = "forget gate f",
        ["g"] = "candidate g",
        ["o"] = "output gate o",
        ["r"] = "reset gate r",
        ["z"] = "update gate z",
        ["n"] = "candidate n",
        ["h"] = "hidden state h",
        ["c"] = "cell state c",
    };

    /// <summary>Gates and states of one layer as heat maps [units x tokens].</summary>
    public static string Gates(TextInspection inspection, LayerInspection layer)
    {
        int[] units = LiveliestUnits(layer.States["h"]);
        string rows = units.Length == inspection.HiddenSize
            ? "a row is a unit"
            : string.Create(CultureInfo.InvariantCulture, $"a row is a unit; {units.Length} of {inspection.HiddenSize} units, those whose h changes most, in their order");
        return new HeatMap
        {
            Title = $"{inspection.Cell.ToString().ToUpperInvariant()}, layer {layer.Layer}: gates and states after each token",
            Subtitle = rows,
            Columns = inspection.Tokens,
            Panels = [.. layer.Gates.Concat(layer.States).Select(values => Panel(values.Key, values.Value, units))],
        }.ToSvg();
    }

    /// <summary>The norm of dL/dh[t] of each layer over the tokens, by logarithm: a straight fall is a vanishing gradient.</summary>
    public static string Gradients(TextInspection inspection) => new LinePlot
    {
        Title = inspection.Loss.Of == InspectedTokens.Last
            ? $"How the loss of “{inspection.Tokens[^1]}” depends on the state after each token"
            : "How the loss of all tokens depends on the state after each token",
        XLabel = "token read at step t",
        YLabel = "norm of dL/dh[t], nats",
        IsLogarithmic = true,
        XNames = inspection.Tokens,
        Series = [.. inspection.Layers.Select((layer, index) => new LineSeries($"layer {layer.Layer}", Points(layer.GradientNorms), index))],
    }.ToSvg();

    static HeatMapPanel Panel(string letter, float[][] values, int[] units)
    {
        float[][] rows = [.. units.Select(unit => values.Select(step => step[unit]).ToArray())];
        return new HeatMapPanel(s_names.GetValueOrDefault(letter, letter), rows, ScaleOf(letter, rows));
    }

    static ColourScale ScaleOf(string letter, float[][] rows) => letter switch
    {
        "i" or "f" or "o" or "r" or "z" => ColourScale.Fraction,
        "g" or "n" => ColourScale.AroundZero(1),
        _ => ColourScale.AroundZero(Math.Max(1e-6, rows.Max(row => row.Max(MathF.Abs)))),
    };

    static int[] LiveliestUnits(float[][] hidden) =>
    [
        .. Enumerable.Range(0, hidden[0].Length)
            .OrderByDescending(unit => Variance([.. hidden.Select(step => step[unit])]))
            .Take(MostUnits)
            .Order(),
    ];

    static double Variance(float[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }

    static (double X, double Y)[] Points(IReadOnlyList<double?> norms) =>
        [.. norms.Index().Where(norm => norm.Item is not null).Select(norm => ((double)norm.Index, norm.Item!.Value))];
}
