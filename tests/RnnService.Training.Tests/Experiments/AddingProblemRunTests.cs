using System.Text.Json;
using System.Xml.Linq;
using RnnService.Training.Experiments;

namespace RnnService.Training.Tests.Experiments;

public sealed class AddingProblemRunTests
{
    static readonly AddingProblemSettings s_small = new()
    {
        HiddenSize = 16,
        BatchSize = 16,
        StepLimit = 1500,
        StepsBetweenMeasurements = 50,
        MeasuredSequences = 64,
    };

    static readonly AddingProblemCell s_gru = AddingProblemCell.All.Single(cell => cell.Name == "gru");

    public static TheoryData<string> Cells => [.. AddingProblemCell.All.Select(cell => cell.Name)];

    [Theory, MemberData(nameof(Cells))]
    public void Execute_ShortSequences_AreSolvedByEveryCell(string cell)
    {
        var quick = AddingProblemCell.All.Single(entry => entry.Name == cell) with { LearningRate = 0.01f };
        var result = Run(quick, length: 4, clipNorm: 1, s_small);
        Assert.True(result.IsSolved, AddingProblemReport.Outcome(result));
        Assert.True(result.Error < AddingProblemSettings.SolvedError);
        Assert.Equal(result.Steps, result.Curve[^1].Step);
        Assert.Equal(Enumerable.Range(0, result.Curve.Count).Select(index => index * 50), result.Curve.Select(point => point.Step));
    }

    [Fact]
    public void Execute_SameSeed_GivesTheSameCurve()
    {
        var few = s_small with { StepLimit = 60 };
        var first = Run(s_gru, length: 6, clipNorm: 1, few);
        Assert.Equal(first.Curve, Run(s_gru, length: 6, clipNorm: 1, few).Curve);
        Assert.NotEqual(first.Curve, Run(s_gru, length: 6, clipNorm: 1, few with { Seed = 2 }).Curve);
        Assert.NotEqual(first.Curve[^1], Run(s_gru, length: 6, clipNorm: 0.001, few).Curve[^1]);
        Assert.Equal([0, 50, 60], first.Curve.Select(point => point.Step));
        Assert.False(first.IsSolved);
    }

    [Fact]
    public void Execute_NumbersThatOverflow_IsDiverged()
    {
        var reckless = AddingProblemCell.All.Single(cell => cell.Name == "irnn") with { LearningRate = 1e10f };
        var result = Run(reckless, length: 40, clipNorm: 0, s_small);
        Assert.True(result.Diverged, AddingProblemReport.Outcome(result));
        Assert.False(result.IsSolved);
        Assert.StartsWith("diverged at step ", AddingProblemReport.Outcome(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_Stopped_Ends() => Assert.Throws<OperationCanceledException>(() =>
        new AddingProblemRun(AddingProblemCell.All[0], length: 4, clipNorm: 1, s_small).Execute(new Progress<AddingProblemMeasurement>(), new CancellationToken(canceled: true)));

    [Fact]
    public void Report_OfResults_IsATableAndCurvesAndJson()
    {
        var report = new AddingProblemReport(s_small,
        [
            Result("lstm", 100, 1, 1200, false, 0.006), Result("lstm", 200, 1, 1500, false, 0.17),
            Result("rnn", 100, 0, 37, true, 0.2), Result("lstm", 100, 0, 900, false, 0.009),
        ]);
        Assert.Equal("""
            | cell | clip norm | T=100 | T=200 |
            | --- | --- | --- | --- |
            | LSTM (forget bias 4) | 1 | solved in 1,200 steps | no: MSE 0.170 after 1,500 |
            | RNN (tanh) | off | diverged at step 37 |  |
            | LSTM (forget bias 4) | off | solved in 900 steps |  |

            """.ReplaceLineEndings("\n"), report.ToMarkdown());

        XNamespace svg = "http://www.w3.org/2000/svg";
        var curves = XDocument.Parse(report.ToSvg(100)).Descendants(svg + "polyline").ToArray();
        Assert.Equal([false, true, true], curves.Select(curve => curve.Attribute("stroke-dasharray") is not null));
        Assert.Equal(curves[0].Attribute("stroke")!.Value, curves[2].Attribute("stroke")!.Value);

        using var json = JsonDocument.Parse(report.ToJson());
        var first = json.RootElement.GetProperty("results")[0];
        Assert.Equal("lstm", first.GetProperty("cell").GetString());
        Assert.Equal(0.006, first.GetProperty("curve")[1].GetProperty("error").GetDouble());
        Assert.True(first.GetProperty("isSolved").GetBoolean());
        Assert.Equal(16, json.RootElement.GetProperty("settings").GetProperty("hiddenSize").GetInt32());
    }

    static AddingProblemResult Run(AddingProblemCell cell, int length, double clipNorm, AddingProblemSettings settings) =>
        new AddingProblemRun(cell, length, clipNorm, settings).Execute(new Progress<AddingProblemMeasurement>(), CancellationToken.None);

    static AddingProblemResult Result(string cell, int length, double clipNorm, int steps, bool diverged, double error) =>
        new(cell, length, clipNorm, steps, diverged, [new(0, 1.2), new(steps, error)], TimeSpan.FromSeconds(1));
}
