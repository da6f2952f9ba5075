using System.Globalization;
using RnnService.Models.Inspection;

namespace RnnService.Cli;

/// <summary>One layer of an inspection as a table: a row for each token.</summary>
static class InspectionText
{
    const int LongestToken = 16;

    public static void Write(TextInspection inspection, LayerInspection layer, TextWriter output)
    {
        string of = inspection.Loss.Of == InspectedTokens.Last ? $"of '{inspection.Tokens[^1]}'" : "of all tokens";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"layer {layer.Layer}, {inspection.Cell.ToString().ToLowerInvariant()}, {inspection.HiddenSize} units; loss L {of}: {inspection.Loss.Nats:0.0000} nats"));
        var columns = Columns(layer).ToArray();
        output.WriteLine("token".PadRight(LongestToken) + string.Concat(columns.Select(column => column.Name.PadLeft(column.Width))));
        for (int step = 0; step < inspection.Tokens.Count; step++)
        {
            string token = inspection.Tokens[step];
            output.WriteLine((token.Length <= LongestToken ? token : token[..(LongestToken - 1)] + "…").PadRight(LongestToken)
                + string.Concat(columns.Select(column => column.At(step).PadLeft(column.Width))));
        }
    }

    /// <summary>Mean of each gate; of what has two signs the mean size, since its mean says nothing.</summary>
    static IEnumerable<Column> Columns(LayerInspection layer)
    {
        foreach (var (letter, values) in layer.Gates.Concat(layer.States))
        {
            yield return letter is "g" or "n" or "h" or "c"
                ? new Column($"|{letter}|", 8, step => Number(values[step].Average(Math.Abs)))
                : new Column(letter, 8, step => Number(values[step].Average()));
        }
        yield return new Column("‖dL/dh[t]‖", 13, step =>
            layer.GradientNorms[step] is { } norm ? norm.ToString("0.00e+00", CultureInfo.InvariantCulture) : "-");
    }

    static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    sealed record Column(string Name, int Width, Func<int, string> At);
}
