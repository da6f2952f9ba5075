using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RnnService.Models.Plots;

namespace RnnService.Training.Experiments;

/// <summary>Results of the adding problem as a table, as curves and for programs.</summary>
/// <param name="settings">of all runs</param>
/// <param name="results">of the runs, in any order</param>
public sealed class AddingProblemReport(AddingProblemSettings settings, IReadOnlyList<AddingProblemResult> results)
{
    readonly int[] _lengths = [.. results.Select(result => result.Length).Distinct()];

    /// <summary>A Markdown table: a row for each cell and clipping, a column for each length.</summary>
    public string ToMarkdown()
    {
        var table = new StringBuilder();
        AppendRow(table, ["cell", "clip norm", .. _lengths.Select(length => Invariant($"T={length}"))]);
        AppendRow(table, ["---", "---", .. _lengths.Select(_ => "---")]);
        foreach (var row in results.GroupBy(result => (result.Cell, result.ClipNorm)))
        {
            var outcomes = _lengths.Select(length => row.FirstOrDefault(result => result.Length == length) is { } result ? Outcome(result) : "");
            AppendRow(table, [Title(row.Key.Cell), Clipping(row.Key.ClipNorm), .. outcomes]);
        }
        return table.ToString();
    }

    /// <summary>Error over steps of all runs of one length, by logarithm; dashed without clipping.</summary>
    /// <param name="length">T</param>
    public string ToSvg(int length) => new LinePlot
    {
        Title = Invariant($"Adding problem, T = {length}"),
        XLabel = "training steps",
        YLabel = "mean squared error on fresh sequences",
        IsLogarithmic = true,
        Series =
        [
            .. results.Where(result => result.Length == length).Select(result => new LineSeries(
                $"{Title(result.Cell)}, {(result.ClipNorm > 0 ? $"clip norm {Clipping(result.ClipNorm)}" : "no clipping")}",
                [.. result.Curve.Select(point => ((double)point.Step, point.Error))],
                IndexOf(result.Cell),
                IsDashed: result.ClipNorm == 0)),
        ],
    }.ToSvg();

    /// <summary>Settings and results: <c>{settings, results:[{cell, length, clipNorm, steps, diverged, curve:[{step, error}], time, error, isSolved}]}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(new Document(settings, results), AddingProblemJson.Default.Document);

    /// <summary>How a run ended, in a few words.</summary>
    public static string Outcome(AddingProblemResult result) => result switch
    {
        { IsSolved: true } => Invariant($"solved in {result.Steps:N0} steps"),
        { Diverged: true } => Invariant($"diverged at step {result.Steps:N0}"),
        _ => Invariant($"no: MSE {result.Error:0.000} after {result.Steps:N0}"),
    };

    static string Title(string cell) => AddingProblemCell.All[IndexOf(cell)].Title;

    static int IndexOf(string cell) => AddingProblemCell.All.Index().First(entry => entry.Item.Name == cell).Index;

    static string Clipping(double clipNorm) => clipNorm > 0 ? clipNorm.ToString("0.###", CultureInfo.InvariantCulture) : "off";

    static void AppendRow(StringBuilder table, IEnumerable<string> cells) => table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    internal sealed record Document(AddingProblemSettings Settings, IReadOnlyList<AddingProblemResult> Results);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AddingProblemReport.Document))]
sealed partial class AddingProblemJson : JsonSerializerContext;
