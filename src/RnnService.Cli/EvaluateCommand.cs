using System.CommandLine;
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
        """;

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var data = CommandOptions.Files("--data", "Text to measure on, UTF-8. Can be given several times.");
        var json = new Option<bool>("--json") { Description = "Write the figures as JSON." };
        var threads = CommandOptions.Threads();
        var command = new Command("evaluate", Description) { model, data, json, threads };
        command.SetAction(parsed =>
        {
            ComputeThreads.Count = parsed.GetValue(threads);
            var package = ModelLocation.Load(parsed.GetRequiredValue(model));
            var result = Evaluator.Evaluate(package.Model, package.Tokenizer, Corpus.Read(parsed.GetRequiredValue(data)));
            if (parsed.GetValue(json))
                EvaluationText.WriteJson(result, context.Output);
            else
                EvaluationText.Write(result, context.Output);
            return ExitCode.Success;
        });
        return command;
    }
}
