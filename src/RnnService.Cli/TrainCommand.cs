using System.CommandLine;
using RnnService.Cli.Progress;
using RnnService.Engine.Threading;
using RnnService.Training;
using RnnService.Training.Recipes;
using Spectre.Console;

namespace RnnService.Cli;

/// <summary><c>rnn train</c>: from a recipe and text to a version in a model repository.</summary>
static class TrainCommand
{
    const string Description = """
        Trains a model and publishes it as a new version in a model repository.
        Ctrl-C saves; the same command with --resume goes on to the same weights, bit for bit.

        Examples:
          rnn train recipe.json --data train.txt --valid valid.txt --out models/my-model
          rnn train recipe.json --data pairs.tsv --valid valid.tsv --out models/my-translator
          rnn train recipe.json --data a.txt --data b.txt --valid valid.txt --out models/my-model --threads 8
          rnn train recipe.json --data train.txt --valid valid.txt --out models/my-model --resume
        """;

    public static Command Create(string[] args, CommandContext context)
    {
        var recipe = new Argument<string>("RECIPE") { Description = "The recipe, a JSON file." };
        var data = CommandOptions.Files("--data", "What to train on, UTF-8: text, one sentence a line for word models, or rows as the recipe's data section says. Can be given several times.");
        var validation = CommandOptions.Files("--valid", "What to validate on after each epoch. Can be given several times.");
        var output = CommandOptions.Publication();
        var resume = new Option<bool>("--resume") { Description = "Go on with the unfinished training in the work folder." };
        var threads = CommandOptions.Threads();
        var minutes = new Option<double>("--checkpoint-minutes") { Description = "Minutes between two checkpoints.", DefaultValueFactory = _ => 10, HelpName = "N" };
        var work = new Option<string?>("--work") { Description = "Folder of the checkpoint while training runs. [default: data/training/NAME]", HelpName = "DIR" };
        CommandOptions.RequireRange(minutes, 0, 1_000_000);
        var command = new Command("train", Description) { recipe, data, validation, output, resume, threads, minutes, work };
        command.SetAction(parsed =>
        {
            var (repository, name) = ModelLocation.Split(parsed.GetRequiredValue(output));
            ComputeThreads.Count = parsed.GetValue(threads);
            string recipePath = parsed.GetRequiredValue(recipe);
            var (dataPaths, validationPaths) = (parsed.GetRequiredValue(data), parsed.GetRequiredValue(validation));
            var request = new TrainingRequest
            {
                Recipe = Recipe.Read(recipePath),
                Data = dataPaths,
                Validation = validationPaths,
                Repository = repository,
                Name = name,
                WorkFolder = parsed.GetValue(work) ?? Path.Combine("data", "training", name),
                Resume = parsed.GetValue(resume),
                CheckpointInterval = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                // What decides the weights; threads, folders and stops on the way do not.
                Command = TypedCommand.Of(
                [
                    "train", recipePath, .. dataPaths.SelectMany(path => new[] { "--data", path }),
                    .. validationPaths.SelectMany(path => new[] { "--valid", path }), "--out", parsed.GetRequiredValue(output),
                ]),
            };
            return Train(request, context, TypedCommand.Of([.. args.Where(arg => arg != "--resume"), "--resume"]));
        });
        return command;
    }

    static int Train(TrainingRequest request, CommandContext context, string resumeCommand)
    {
        var run = new TrainingRun(request, TimeProvider.System);
        if (DisplayFor(context).Show(progress => run.Execute(progress, context.Stop)) is not { } published)
        {
            context.Error.WriteLine($"stopped; go on with: {resumeCommand}");
            return ExitCode.Stopped;
        }
        context.Output.WriteLine($"published {published.Name}@{published.Version} in {published.Folder}");
        EvaluationText.Write(published.Result, context.Output);
        return ExitCode.Success;
    }

    // A log gets lines; so does a test, whose writer is not the console's.
    static ITrainingDisplay DisplayFor(CommandContext context) =>
        !Console.IsErrorRedirected && ReferenceEquals(context.Error, Console.Error)
            ? new TerminalDisplay(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) }))
            : new LineDisplay(context.Error, TimeProvider.System);
}
