using RnnService.Training.Baselines;
using RnnService.Training.Evaluation;
using RnnService.Training.Metrics;

namespace RnnService.Training.Tests.Evaluation;

public sealed class ClassificationResultTests
{
    static readonly string[] s_labels = ["bad", "good"];
    static readonly ClassificationResult s_result = new(
        ConfusionMatrix.Of(s_labels, [0, 0, 1, 1], [0, 0, 0, 1]), 0.25, 0.125,
        [new Baseline("majority", "always \"bad\"", ConfusionMatrix.Of(s_labels, [0, 0, 1, 1], [0, 0, 0, 0]))]);

    [Fact]
    public void Metrics_Baselines_StandBesideTheModel()
    {
        Assert.Equal(
            ["accuracy", "macroF1", "calibrationError", "loss", "predictions", "majorityAccuracy", "majorityMacroF1"],
            s_result.Metrics.Select(metric => metric.Key));
        Assert.Equal((0.75, 0.5), (s_result.Figures[0].Value, s_result.Figures[5].Value));
    }

    [Fact]
    public void Report_HasClassesAndConfusion() => Assert.Equal("""
        accuracy 75.0%, macro-F1 73.3%, calibration error 12.5%, loss 0.2500 nats over 4 predictions
        baseline, always "bad": accuracy 50.0%, macro-F1 33.3%

        class  precision  recall     F1  occurrences
        bad        66.7%  100.0%  80.0%            2
        good      100.0%   50.0%  66.7%            2

        right \ predicted  bad  good
        bad                  2     0
        good                 1     1
        """, s_result.Report);

    [Fact]
    public void Report_Entities_AreNamed()
    {
        var result = s_result with { Entities = new EntityScore(1, 2, 2) };
        Assert.StartsWith("accuracy 75.0%, macro-F1 73.3%, entity F1 50.0%,", result.Report, StringComparison.Ordinal);
        Assert.Contains("entityF1", result.Metrics.Select(metric => metric.Key));
    }
}
