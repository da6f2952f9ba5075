namespace RnnService.Training.Evaluation;

/// <summary>How well a language model predicts a text.</summary>
/// <param name="Tokens">tokens predicted</param>
/// <param name="Loss">mean cross-entropy, nats per token</param>
/// <param name="NextWord">next-word accuracy, or null for a character model</param>
public sealed record EvaluationResult(long Tokens, double Loss, NextWordAccuracy? NextWord)
{
    /// <summary>exp of the loss.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>The figures under the names of <c>model.json</c>, in the order they are shown; accuracies are fractions.</summary>
    public IEnumerable<KeyValuePair<string, double>> Metrics
    {
        get
        {
            yield return new("loss", Loss);
            yield return new("perplexity", Perplexity);
            yield return new("tokens", Tokens);
            if (NextWord is not { Words: > 0 } accuracy)
                yield break;
            yield return new("top1", accuracy.Top1 / (double)accuracy.Words);
            yield return new("top3", accuracy.Top3 / (double)accuracy.Words);
            yield return new("wordsOnlyTop1", accuracy.Top1OfWords / (double)accuracy.Words);
            yield return new("wordsOnlyTop3", accuracy.Top3OfWords / (double)accuracy.Words);
            yield return new("words", accuracy.Words);
        }
    }
}
