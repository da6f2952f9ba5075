using RnnService.Training.Metrics;

namespace RnnService.Training.Evaluation;

/// <summary>How well a language model predicts a text.</summary>
/// <param name="Tokens">tokens predicted</param>
/// <param name="Loss">mean cross-entropy, nats per token</param>
/// <param name="NextWord">next-word accuracy, with counted n-grams where the model has them; null for a character model</param>
public sealed record LanguageModelResult(long Tokens, double Loss, NextWordAccuracy? NextWord) : EvaluationResult
{
    /// <summary>exp of the loss.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>Mean cross-entropy with weights of 8 bits, nats per token; null where it was not measured.</summary>
    public double? Int8Loss { get; init; }

    /// <summary>Next-word accuracy of the network of a model that has counted n-grams beside it; null for other models.</summary>
    public NextWordAccuracy? NetworkNextWord { get; init; }

    /// <summary>Next-word accuracy of the baseline, counted n-grams with stupid backoff; null where it was not measured.</summary>
    public NextWordAccuracy? Ngrams { get; init; }

    /// <summary>Characters of the text, each line's end one of them, where tokens are pieces of any length; null for other models.</summary>
    public long? Characters { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures
    {
        get
        {
            List<Figure> figures =
            [
                new("loss", Loss, "cross-entropy, nats per token", "0.0000"),
                new("perplexity", Perplexity, "perplexity", "0.00"),
                new("tokens", Tokens, "tokens predicted", Figure.Count),
            ];
            if (Characters is { } characters)
                figures.Add(new("characterPerplexity", Math.Exp(Loss * Tokens / characters), "perplexity per character, which does not depend on the vocabulary", "0.000"));
            if (Int8Loss is { } int8Loss)
            {
                double int8Perplexity = Math.Exp(int8Loss);
                figures.AddRange(
                [
                    new("int8Perplexity", int8Perplexity, "perplexity with int8 weights", "0.00"),
                    new("int8PerplexityChange", int8Perplexity / Perplexity - 1, "change of perplexity by int8 weights", "+0.00%;-0.00%;0.00%"),
                ]);
            }
            if (NextWord is { Words: > 0 } accuracy)
            {
                double words = accuracy.Words;
                figures.AddRange(
                [
                    new("top1", accuracy.Top1 / words, "next word is the first guess (all tokens but special ones ranked)", Figure.Percent),
                    new("top3", accuracy.Top3 / words, "next word is among the first three guesses", Figure.Percent),
                    new("wordsOnlyTop1", accuracy.Top1OfWords / words, "next word is the first guess (words only ranked)", Figure.Percent),
                    new("wordsOnlyTop3", accuracy.Top3OfWords / words, "next word is among the first three guesses (words only ranked)", Figure.Percent),
                    new("words", words, "words asked for (a sentence's first is not; unknown ones count as wrong)", Figure.Count),
                ]);
            }
            if (NetworkNextWord is { Words: > 0 } network)
            {
                double words = network.Words;
                figures.AddRange(
                [
                    new("networkTop1", network.Top1OfWords / words, "the same without the model's n-grams, first guess (words only)", Figure.Percent),
                    new("networkTop3", network.Top3OfWords / words, "the same without the model's n-grams, first three guesses (words only)", Figure.Percent),
                ]);
            }
            if (Ngrams is { Words: > 0 } ngrams)
            {
                double words = ngrams.Words;
                figures.AddRange(
                [
                    new("ngramsTop1", ngrams.Top1OfWords / words, "the same of counted 5-grams with stupid backoff, first guess (words only)", Figure.Percent),
                    new("ngramsTop3", ngrams.Top3OfWords / words, "the same of counted 5-grams with stupid backoff, first three guesses (words only)", Figure.Percent),
                ]);
            }
            return figures;
        }
    }

    /// <inheritdoc/>
    public override string Report
    {
        get
        {
            var text = Figures.ToDictionary(figure => figure.Name, figure => figure.Text);
            string loss = $"loss {text["loss"]} nats per token, perplexity {text["perplexity"]} over {text["tokens"]} tokens";
            if (Characters is not null)
                loss += $"\nperplexity per character {text["characterPerplexity"]}";
            if (Int8Loss is not null)
                loss += $"\nwith int8 weights: perplexity {text["int8Perplexity"]}, {text["int8PerplexityChange"]} from float32";
            if (!text.TryGetValue("words", out string? words))
                return loss;
            string report = $"""
                {loss}
                next word, all tokens ranked:  top-1 {text["top1"]}, top-3 {text["top3"]} of {words} words
                next word, words only ranked:  top-1 {text["wordsOnlyTop1"]}, top-3 {text["wordsOnlyTop3"]}
                """;
            if (NetworkNextWord is not null)
                report += $"\nwithout its n-grams, words only: top-1 {text["networkTop1"]}, top-3 {text["networkTop3"]}";
            if (Ngrams is not null)
                report += $"\ncounted 5-grams, words only:   top-1 {text["ngramsTop1"]}, top-3 {text["ngramsTop3"]}";
            return report;
        }
    }
}
