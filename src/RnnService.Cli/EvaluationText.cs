using System.Globalization;
using System.Text.Json;
using RnnService.Training.Evaluation;

namespace RnnService.Cli;

/// <summary>Evaluation results for people and for programs.</summary>
static class EvaluationText
{
    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static void Write(EvaluationResult result, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"loss {result.Loss:0.0000} nats per token, perplexity {result.Perplexity:0.00} over {result.Tokens:N0} tokens"));
        if (result.NextWord is not { Words: > 0 } accuracy)
            return;
        double words = accuracy.Words;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"next word, all tokens ranked:  top-1 {accuracy.Top1 / words:0.0%}, top-3 {accuracy.Top3 / words:0.0%} of {accuracy.Words:N0} words"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"next word, words only ranked:  top-1 {accuracy.Top1OfWords / words:0.0%}, top-3 {accuracy.Top3OfWords / words:0.0%}"));
    }

    public static void WriteJson(EvaluationResult result, TextWriter output) =>
        output.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>(result.Metrics), s_indented));
}
