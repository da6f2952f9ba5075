using System.Globalization;
using RnnService.Training.Baselines;
using RnnService.Training.Metrics;

namespace RnnService.Training.Evaluation;

/// <summary>How well a model tells classes apart, of texts, of tokens or of series, and what simple methods reach on the same data.</summary>
/// <param name="Matrix">its predictions</param>
/// <param name="Loss">mean cross-entropy, nats per prediction</param>
/// <param name="CalibrationError">expected calibration error, 0 to 1</param>
/// <param name="Baselines">what to beat; none when the training data are not at hand</param>
/// <param name="Entities">its entities, for tags that mark some</param>
public sealed record ClassificationResult(
    ConfusionMatrix Matrix, double Loss, double CalibrationError, IReadOnlyList<Baseline> Baselines, EntityScore? Entities = null) : EvaluationResult
{
    /// <summary>The network's own predictions, where words and pairs of words are added to them; else null.</summary>
    public ClassificationResult? Network { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures =>
    [
        new("accuracy", Matrix.Accuracy, "accuracy", Figure.Percent),
        new("macroF1", Matrix.MacroF1, "macro-F1, the mean of the classes' F1", Figure.Percent),
        .. EntityFigures(Entities),
        new("calibrationError", CalibrationError, "expected calibration error (15 bins)", Figure.Percent),
        new("loss", Loss, "cross-entropy, nats per prediction", "0.0000"),
        new("predictions", Matrix.Total, "predictions", Figure.Count),
        .. NetworkFigures(Network),
        .. Baselines.SelectMany(BaselineFigures),
    ];

    /// <inheritdoc/>
    public override string Report
    {
        get
        {
            var text = Figures.ToDictionary(figure => figure.Name, figure => figure.Text);
            List<string> lines =
            [
                $"{Quality(Matrix, Entities)}, calibration error {text["calibrationError"]}, loss {text["loss"]} nats over {text["predictions"]} predictions",
                .. Network is null ? (string[])[] : [$"without its bag of words: {Quality(Network.Matrix, Network.Entities)}"],
                .. Baselines.Select(baseline => $"baseline, {baseline.Description}: {Quality(baseline.Matrix, baseline.Entities)}"),
                "",
                Details,
            ];
            return string.Join('\n', lines);
        }
    }

    /// <summary>Precision, recall and F1 of each class, and the confusion matrix.</summary>
    public override string Details
    {
        get
        {
            var classes = Enumerable.Range(0, Matrix.Labels.Count).ToArray();
            string[][] measures =
            [
                ["class", "precision", "recall", "F1", "occurrences"],
                .. classes.Select(k => (string[])
                    [Matrix.Labels[k], Percent(Matrix.Precision(k)), Percent(Matrix.Recall(k)), Percent(Matrix.F1(k)), Count(Matrix.Support(k))]),
            ];
            string[][] confusion =
            [
                ["right \\ predicted", .. Matrix.Labels],
                .. classes.Select(truth => (string[])[Matrix.Labels[truth], .. classes.Select(predicted => Count(Matrix[truth, predicted]))]),
            ];
            return $"{TextTable.Write(measures)}\n\n{TextTable.Write(confusion)}";
        }
    }

    static IEnumerable<Figure> EntityFigures(EntityScore? entities) => entities is not { } score ? [] :
    [
        new("entityF1", score.F1, "F1 of whole entities", Figure.Percent),
        new("entityPrecision", score.Precision, "precision of whole entities", Figure.Percent),
        new("entityRecall", score.Recall, "recall of whole entities", Figure.Percent),
    ];

    static IEnumerable<Figure> NetworkFigures(ClassificationResult? network) => network is null ? [] :
    [
        new("networkAccuracy", network.Matrix.Accuracy, "accuracy without its bag of words", Figure.Percent),
        new("networkMacroF1", network.Matrix.MacroF1, "macro-F1 without its bag of words", Figure.Percent),
    ];

    static IEnumerable<Figure> BaselineFigures(Baseline baseline)
    {
        yield return new($"{baseline.Name}Accuracy", baseline.Matrix.Accuracy, $"baseline, {baseline.Description}: accuracy", Figure.Percent);
        yield return new($"{baseline.Name}MacroF1", baseline.Matrix.MacroF1, $"baseline, {baseline.Description}: macro-F1", Figure.Percent);
        if (baseline.Entities is { } entities)
            yield return new($"{baseline.Name}EntityF1", entities.F1, $"baseline, {baseline.Description}: F1 of whole entities", Figure.Percent);
    }

    static string Quality(ConfusionMatrix matrix, EntityScore? entities)
    {
        string quality = $"accuracy {Percent(matrix.Accuracy)}, macro-F1 {Percent(matrix.MacroF1)}";
        return entities is { } score ? $"{quality}, entity F1 {Percent(score.F1)}" : quality;
    }

    static string Percent(double fraction) => fraction.ToString(Figure.Percent, CultureInfo.InvariantCulture);

    static string Count(long count) => count.ToString(Figure.Count, CultureInfo.InvariantCulture);
}
