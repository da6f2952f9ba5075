namespace RnnService.Training.Evaluation;

/// <summary>How well a model does on data: figures for <c>model.json</c> and the model card, and a report for people.</summary>
public abstract record EvaluationResult
{
    /// <summary>The figures in the order they are shown.</summary>
    public abstract IReadOnlyList<Figure> Figures { get; }

    /// <summary>What <c>rnn evaluate</c> prints: one line or more, without a line end after the last.</summary>
    public abstract string Report { get; }

    /// <summary>Tables for the report and the model card that are too long for figures, in characters of one width; empty for none.</summary>
    public virtual string Details => "";

    /// <summary>The figures under the names of <c>model.json</c>.</summary>
    public IEnumerable<KeyValuePair<string, double>> Metrics => Figures.Select(figure => KeyValuePair.Create(figure.Name, figure.Value));
}
