using System.CommandLine;
using RnnService.Models.Decoding;
using RnnService.Models.Packages;

namespace RnnService.Cli;

/// <summary><c>rnn generate</c>: continues a text, printed as it is made.</summary>
static class GenerateCommand
{
    const string Description = """
        Continues a text and prints prompt and continuation as it is made.

        Examples:
          rnn generate models/my-model "Once upon a time"
          rnn generate models/my-model "Once upon a time" --temperature 0.8 --top-k 40 --seed 7 --max-tokens 200
        """;

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var prompt = new Argument<string>("PROMPT") { Description = "The text to continue; may be empty (\"\")." };
        var temperature = new Option<double>("--temperature") { Description = "Below 1 safer, above 1 wilder, 0 always the most probable.", DefaultValueFactory = _ => 1, HelpName = "X" };
        var topK = new Option<int>("--top-k") { Description = "Draw from the K most probable tokens; 0 from all.", HelpName = "K" };
        var topP = new Option<double>("--top-p") { Description = "Draw from the most probable tokens that reach this probability together.", DefaultValueFactory = _ => 1, HelpName = "P" };
        var seed = CommandOptions.OptionalNumber<long>("--seed", "The same seed gives the same text.");
        var maxTokens = new Option<int>("--max-tokens") { Description = "Stop after this many tokens.", DefaultValueFactory = _ => 100, HelpName = "N" };
        var weights = CommandOptions.Weights();
        CommandOptions.RequireRange(temperature, 0, 100);
        CommandOptions.RequireAtLeast(topK, 0);
        CommandOptions.RequireRange(topP, 1e-6, 1);
        CommandOptions.RequireRange(maxTokens, 1, 1_000_000);
        var command = new Command("generate", Description) { model, prompt, temperature, topK, topP, seed, maxTokens, weights };
        command.SetAction(parsed =>
        {
            var options = new GenerationOptions
            {
                MaxTokens = parsed.GetValue(maxTokens),
                Sampling = new SamplingOptions
                {
                    Temperature = parsed.GetValue(temperature),
                    TopK = parsed.GetValue(topK),
                    TopP = parsed.GetValue(topP),
                    Seed = parsed.GetValue(seed),
                },
            };
            var package = ModelLocation.LoadLanguageModel(parsed.GetRequiredValue(model), parsed.GetValue(weights));
            return Generate(package, parsed.GetRequiredValue(prompt), options, context);
        });
        return command;
    }

    static int Generate(LanguageModelPackage package, string prompt, GenerationOptions options, CommandContext context)
    {
        var generator = new TextGenerator(package.Model, package.Tokenizer);
        context.Output.Write(prompt);
        foreach (var piece in generator.Generate(prompt, options))
        {
            context.Output.Write(piece.Text);
            context.Output.Flush();
            if (context.Stop.IsCancellationRequested)
                break;
        }
        context.Output.WriteLine();
        return context.Stop.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Success;
    }
}
