using System.CommandLine;
using RnnService.Engine.Kernels;
using RnnService.Engine.Threading;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;

namespace RnnService.Cli;

/// <summary><c>rnn evaluate</c>: loss, perplexity and next-word accuracy of a model on text.</summary>
static class EvaluateCommand
{
    const string Description = """
        Measures a model on text: loss, perplexity and, for word models, how often the next word is guessed
        (case aside; words only; a sentence's first word is not asked for; unknown words count as wrong).

        Examples:
          rnn evaluate models/my-model --data valid.txt
          rnn evaluate models/my-model@3 --data valid.txt --json
          rnn evaluate models/my-model --data valid.txt --weights int8
        """;

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var data = CommandOptions.Files("--data", "Text to measure on, UTF-8. Can be given several times.");
        var json = new Option<bool>("--json") { Description = "Write the figures as JSON." };
        var weights = CommandOptions.Weights("int8 measures the perplexity with weights rounded to 8 bits too, and the change.");
        var threads = CommandOptions.Threads();
        var command = new Command("evaluate", Description) { model, data, json, weights, threads };
        command.SetAction(parsed =>
        {
            ComputeThreads.Count = parsed.GetValue(threads);
            var package = ModelLocation.Load(parsed.GetRequiredValue(model));
            bool compareInt8 = parsed.GetValue(weights) == WeightType.Int8;
            var result = Evaluator.Evaluate(package.Model, package.Tokenizer, Corpus.Read(parsed.GetRequiredValue(data)), compareInt8);
            if (parsed.GetValue(json))
                EvaluationText.WriteJson(result, context.Output);
            else
                EvaluationText.Write(result, context.Output);
            return ExitCode.Success;
        });
        return command;
    }
}
