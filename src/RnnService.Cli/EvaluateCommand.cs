using System.CommandLine;
using RnnService.Engine.Kernels;
using RnnService.Engine.Threading;
using RnnService.Models.Packages;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;

namespace RnnService.Cli;

/// <summary><c>rnn evaluate</c>: how good a model is on data.</summary>
static class EvaluateCommand
{
    const string Description = """
        Measures a model on data. A language model: loss, perplexity and, for word models, how often the next word is
        guessed (case aside; words only; a sentence's first word is not asked for; unknown words count as wrong), and
        with --train how often counted 5-grams guess it.
        A classifier or tagger: accuracy, macro-F1, calibration error, precision and recall of each class, the
        confusion matrix, F1 of whole entities where tags mark some, and with --train what simple methods reach.
        A translator: loss and perplexity, BLEU (13a, or Chinese characters) and chrF of what beam search writes, also by
        the length of the source, and the time a sentence takes. A chat model: loss and perplexity.

        Examples:
          rnn evaluate models/my-model --data valid.txt
          rnn evaluate models/my-model@3 --data valid.txt --json
          rnn evaluate models/my-sentiment --data valid.tsv --train train.tsv
          rnn evaluate models/my-translator --data valid.tsv --threads 1
          rnn evaluate models/my-model --data valid.txt --train train.txt --weights int8
        """;

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var data = CommandOptions.Files("--data", "What to measure on: text, or rows as the model's recipe has them; UTF-8. Can be given several times.");
        var training = new Option<string[]>("--train")
        {
            Description = "What the baselines beside the figures learn from: the training data of the model. Can be given several times.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Write the figures as JSON." };
        var weights = CommandOptions.Weights("int8 measures the perplexity with weights rounded to 8 bits too, and the change.");
        var threads = CommandOptions.Threads();
        var command = new Command("evaluate", Description) { model, data, training, json, weights, threads };
        command.SetAction(context, parsed =>
        {
            ComputeThreads.Count = parsed.GetValue(threads);
            string location = parsed.GetRequiredValue(model);
            var package = ModelLocation.Load(location);
            if (parsed.GetResult(training) is not null && package is Seq2SeqPackage or LanguageModelPackage { Tokenizer: not WordTokenizer })
                throw new UserErrorException($"{location}: --train is for language models over words and classifiers; this model has no baselines.");
            var baselines = parsed.GetValue(training) is { Length: > 0 } files ? Corpus.Read(files) : null;
            bool compareInt8 = parsed.GetValue(weights) == WeightType.Int8;
            var result = Evaluator.Evaluate(package, Corpus.Read(parsed.GetRequiredValue(data)), baselines, compareInt8);
            if (parsed.GetValue(json))
                EvaluationText.WriteJson(result, context.Output);
            else
                EvaluationText.Write(result, context.Output);
            return ExitCode.Success;
        });
        return command;
    }
}
