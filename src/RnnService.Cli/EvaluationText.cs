using System.Text.Json;
using RnnService.Training.Evaluation;

namespace RnnService.Cli;

/// <summary>Evaluation results for people and for programs.</summary>
static class EvaluationText
{
    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static void Write(EvaluationResult result, TextWriter output) => output.WriteLine(result.Report);

    public static void WriteJson(EvaluationResult result, TextWriter output) =>
        output.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>(result.Metrics), s_indented));
}
