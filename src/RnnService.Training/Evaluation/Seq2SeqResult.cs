namespace RnnService.Training.Evaluation;

/// <summary>How well an encoder-decoder writes.</summary>
/// <param name="Tokens">tokens of the right targets, predicted with the right tokens before them</param>
/// <param name="Loss">their mean cross-entropy, nats per token</param>
/// <param name="LeftOut">pairs too long for the loss</param>
/// <param name="Translations">what it wrote by itself; null for a dialogue, whose replies can be right in too many ways</param>
public sealed record Seq2SeqResult(long Tokens, double Loss, int LeftOut, TranslationResult? Translations) : EvaluationResult
{
    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures =>
    [
        new("loss", Loss, "cross-entropy, nats per target token", "0.0000"),
        new("perplexity", Math.Exp(Loss), "perplexity per target token", "0.00"),
        new("tokens", Tokens, "target tokens predicted", Figure.Count),
        new("leftOut", LeftOut, "pairs longer than model.maxLength, left out of the loss", Figure.Count),
        .. Translations?.Figures ?? [],
    ];

    /// <inheritdoc/>
    public override string Report
    {
        get
        {
            var text = Figures.ToDictionary(figure => figure.Name, figure => figure.Text);
            string leftOut = LeftOut == 0 ? "" : $" ({text["leftOut"]} pairs longer than model.maxLength left out)";
            string loss = $"loss {text["loss"]} nats per target token, perplexity {text["perplexity"]} over {text["tokens"]} tokens{leftOut}";
            return Translations is not { } translations ? loss : $"""
                {loss}
                beam {translations.BeamSize}: BLEU {text["bleu"]}, chrF {text["chrF"]} over {text["sentences"]} sentences, median {text["milliseconds"]} ms a sentence on {Threads(translations.Threads)}

                {Details}
                """;
        }
    }

    /// <summary>BLEU and chrF by the length of the source.</summary>
    public override string Details => Translations?.Score.Table ?? "";

    static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";
}

/// <summary>What an encoder-decoder translated by itself.</summary>
/// <param name="Score">how good it is</param>
/// <param name="BeamSize">hypotheses kept</param>
/// <param name="Milliseconds">median time of a source by itself</param>
/// <param name="Threads">that computed it</param>
public sealed record TranslationResult(TranslationScore Score, int BeamSize, double Milliseconds, int Threads)
{
    internal IReadOnlyList<Figure> Figures =>
    [
        new("bleu", Score.Bleu, $"BLEU, beam {BeamSize}", "0.0"),
        new("chrF", Score.ChrF, $"chrF2, beam {BeamSize}", "0.0"),
        new("sentences", Score.Count, "sentences", Figure.Count),
        new("milliseconds", Milliseconds, $"median milliseconds a sentence, beam {BeamSize}, threads: {Threads}", "0.0"),
    ];
}
