using System.CommandLine;
using System.Globalization;
using RnnService.Models.Packages;
using RnnService.Training.Data;
using RnnService.Training.Preparation;

namespace RnnService.Cli;

/// <summary><c>rnn prepare</c>: training data from the tables of others.</summary>
static class PrepareCommand
{
    const string Description = """
        Makes the files a recipe trains on from tables as others publish them.

        Examples:
          rnn prepare home-runs --baseball baseball --season 2022 --out data/home-runs
          rnn prepare carried-labels models/sentiment-en --data pairs.tsv --source en --target zh zh_original --out labelled.tsv
          rnn prepare passages --data reviews.tsv --words 40 --out data/passages.tsv
          rnn prepare dialogue-pairs --data dialogues.jsonl answers.tsv --out data/chat/train.jsonl
          rnn prepare dialogue-lines --data dialogues.jsonl --out data/dialogues.txt
        """;

    const string CarriedLabelsDescription = """
        Labels texts of a language without labels: a classifier reads the translation of each, and where it is sure, its
        label becomes that of the text. Writes a TSV of the columns label and text.

        Examples:
          rnn prepare carried-labels models/sentiment-en --data pairs.tsv --source en --target zh zh_original --out labelled.tsv
          rnn prepare carried-labels models/sentiment-en --data pairs.tsv --source en --target zh --least-score 0.9 --out labelled.tsv
        """;

    const string HomeRunsDescription = """
        Makes series of baseball players' seasons from Lahman's tables people.csv, train.csv and, if there is one, valid.csv
        (batting rows). The home runs of a season (0-9, 10-19, 20-29, 30-39, 40+) are to be predicted from the seasons
        before, for players who batted in the season before it and 100 times or more in it: train.csv of the output has
        those of all seasons before the given one, valid.csv those of the given one.

        Examples:
          rnn prepare home-runs --baseball baseball --season 2022 --out data/home-runs
          rnn prepare home-runs --baseball baseball --season 2017 --first 1955 --out data/home-runs-2017
        """;

    public static Command Create(CommandContext context)
    {
        var command = new Command("prepare", Description);
        command.Subcommands.Add(CreateHomeRuns(context));
        command.Subcommands.Add(CreateCarriedLabels(context));
        command.Subcommands.Add(PreparePassagesCommand.Create(context));
        command.Subcommands.Add(PrepareDialoguesCommand.CreatePairs(context));
        command.Subcommands.Add(PrepareDialoguesCommand.CreateLines(context));
        return command;
    }

    static Command CreateHomeRuns(CommandContext context)
    {
        var baseball = new Option<string>("--baseball") { Description = "The folder of the tables.", Required = true, HelpName = "DIR" };
        var season = new Option<int>("--season") { Description = "The season of the validation data.", DefaultValueFactory = _ => 2022, HelpName = "YEAR" };
        var first = new Option<int>("--first") { Description = "The first season to predict in the training data.", DefaultValueFactory = _ => 1955, HelpName = "YEAR" };
        var output = new Option<string>("--out") { Description = "The folder to write to.", Required = true, HelpName = "DIR" };
        CommandOptions.RequireRange(season, 1, 9999);
        CommandOptions.RequireRange(first, 1, 9999);
        var command = new Command("home-runs", HomeRunsDescription) { baseball, season, first, output };
        command.SetAction(context, parsed =>
        {
            string folder = parsed.GetRequiredValue(output);
            var (training, validation) = HomeRuns.Prepare(parsed.GetRequiredValue(baseball), parsed.GetValue(first), parsed.GetValue(season), folder);
            context.Output.WriteLine(Invariant(
                $"wrote {Path.Combine(folder, "train.csv")} and valid.csv: {training:N0} and {validation:N0} seasons to predict"));
            return ExitCode.Success;
        });
        return command;
    }

    static Command CreateCarriedLabels(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var data = CommandOptions.Files("--data", "TSV files of pairs. Can be given several times.");
        var source = new Option<string>("--source") { Description = "The column the model reads.", Required = true, HelpName = "COLUMN" };
        var targets = new Option<string[]>("--target")
        {
            Description = "The columns that get its label.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
            HelpName = "COLUMN",
        };
        var leastScore = new Option<double>("--least-score") { Description = "The probability from which on a label is carried over.", DefaultValueFactory = _ => 0.8, HelpName = "P" };
        var output = new Option<string>("--out") { Description = "The file to write.", Required = true, HelpName = "FILE.tsv" };
        CommandOptions.RequireRange(leastScore, 0, 1);
        var command = new Command("carried-labels", CarriedLabelsDescription) { model, data, source, targets, leastScore, output };
        command.SetAction(parsed =>
        {
            string location = parsed.GetRequiredValue(model);
            if (ModelLocation.Load(location) is not ClassifierPackage { Manifest.Task: ModelTask.SequenceClassifier } package)
                throw new UserErrorException($"{location}: does not classify texts.");
            var counts = CarriedLabels.Prepare(
                package.CreateTextClassifier(), Corpus.Read(parsed.GetRequiredValue(data)), TableFormat.Tsv, parsed.GetRequiredValue(source),
                parsed.GetRequiredValue(targets), parsed.GetValue(leastScore), parsed.GetRequiredValue(output), context.Stop);
            context.Output.WriteLine($"wrote {parsed.GetRequiredValue(output)}: {string.Join(", ", counts.Select(label => Invariant($"{label.Value:N0} {label.Key}")))}");
            return ExitCode.Success;
        });
        return command;
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
