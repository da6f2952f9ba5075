using System.CommandLine;
using System.Globalization;
using RnnService.Models.Decoding;

namespace RnnService.Cli;

/// <summary><c>rnn predict</c>: the most probable next words of a text.</summary>
static class PredictCommand
{
    const string Description = """
        Prints the most probable next words of a text, best first.

        Examples:
          rnn predict models/my-model "the students opened their"
          rnn predict models/my-model "the students opened their" --prefix bo --top 3
        """;

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var text = new Argument<string>("TEXT") { Description = "What stands before the word; may be empty (\"\")." };
        var top = new Option<int>("--top") { Description = "How many words, 1 to 50.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var prefix = new Option<string?>("--prefix") { Description = "Only words that begin with this.", HelpName = "P" };
        var weights = CommandOptions.Weights();
        CommandOptions.RequireRange(top, 1, 50);
        var command = new Command("predict", Description) { model, text, top, prefix, weights };
        command.SetAction(parsed =>
        {
            string location = parsed.GetRequiredValue(model);
            var package = ModelLocation.Load(location, parsed.GetValue(weights));
            if (!NextWordPredictor.Reads(package.Tokenizer))
                throw new UserErrorException($"{location}: reads no words and predicts none; use 'rnn generate'.");
            var predictor = new NextWordPredictor(package.Model, package.Tokenizer);
            var (predictions, _) = predictor.Predict(
                parsed.GetRequiredValue(text), parsed.GetValue(prefix), parsed.GetValue(top), context.Stop);
            foreach (var prediction in predictions)
                context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prediction.Probability:0.0000}  {prediction.Word}"));
            return ExitCode.Success;
        });
        return command;
    }
}
