using System.CommandLine;
using System.Globalization;
using RnnService.Engine.Threading;
using RnnService.Training.Experiments;

namespace RnnService.Cli;

/// <summary><c>rnn experiment</c>: experiments of the literature, run anew by this engine.</summary>
static class ExperimentCommand
{
    const string Description = """
        Runs an experiment of the literature with this engine.

        Examples:
          rnn experiment adding-problem
          rnn experiment adding-problem --lengths 100 --cells lstm,gru --out adding-problem
        """;

    const string AddingProblemDescription = """
        Which cells remember two marked numbers over T steps and add them (Hochreiter and Schmidhuber 1997)? Each
        cell learns at each length with and without gradient clipping until its mean squared error on fresh sequences
        is below 0.01, or the steps run out. Prints a table of steps; --out also writes results.md, results.json and
        the error curves, curves-T100.svg and so on. The same options and seed give the same results.

        Examples:
          rnn experiment adding-problem
          rnn experiment adding-problem --lengths 100,200,400 --clip-norms 1,0 --out adding-problem
          rnn experiment adding-problem --cells rnn,gru --lengths 50 --steps 1000 --hidden-size 32
        """;

    public static Command Create(CommandContext context) => new("experiment", Description) { AddingProblem(context) };

    static Command AddingProblem(CommandContext context)
    {
        var defaults = new AddingProblemSettings();
        var lengths = List("--lengths", "Lengths T of the sequences.", "100,200,400");
        var cells = List("--cells", "Who takes part.", string.Join(',', AddingProblemCell.All.Select(cell => cell.Name)));
        var clipNorms = List("--clip-norms", "Largest norms of the gradients; 0 is no clipping.", "1,0");
        var steps = Number("--steps", "Steps after which a cell has failed.", defaults.StepLimit, 10_000_000);
        var hiddenSize = Number("--hidden-size", "Units of the layer.", defaults.HiddenSize, 4096);
        var batchSize = Number("--batch-size", "Sequences of a step.", defaults.BatchSize, 4096);
        var seed = Number("--seed", "The same seed gives the same results.", defaults.Seed, int.MaxValue);
        var output = new Option<string?>("--out") { Description = "Folder to write the results to.", HelpName = "FOLDER" };
        var threads = CommandOptions.Threads();
        var command = new Command("adding-problem", AddingProblemDescription) { lengths, cells, clipNorms, steps, hiddenSize, batchSize, seed, output, threads };
        command.SetAction(parsed =>
        {
            ComputeThreads.Count = parsed.GetValue(threads);
            var settings = defaults with
            {
                StepLimit = parsed.GetValue(steps),
                HiddenSize = parsed.GetValue(hiddenSize),
                BatchSize = parsed.GetValue(batchSize),
                Seed = parsed.GetValue(seed),
            };
            AddingProblemRun[] runs =
            [
                .. from cell in Each(parsed.GetRequiredValue(cells), "--cells", Cell)
                   from clipNorm in Each(parsed.GetRequiredValue(clipNorms), "--clip-norms", ClipNorm)
                   from length in Each(parsed.GetRequiredValue(lengths), "--lengths", Length)
                   select new AddingProblemRun(cell, length, clipNorm, settings),
            ];
            return Run(runs, settings, parsed.GetValue(output), context);
        });
        return command;
    }

    static int Run(AddingProblemRun[] runs, AddingProblemSettings settings, string? folder, CommandContext context)
    {
        List<AddingProblemResult> results = [];
        try
        {
            foreach (var run in runs)
            {
                results.Add(run.Execute(new Progress(run, context.Error), context.Stop));
                context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{run}: {AddingProblemReport.Outcome(results[^1])}, {results[^1].Time.TotalSeconds:0} s"));
            }
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            context.Error.WriteLine($"stopped after {results.Count} of {runs.Length} runs");
            return ExitCode.Stopped;
        }
        var report = new AddingProblemReport(settings, results);
        context.Output.Write(report.ToMarkdown());
        if (folder is not null)
            Write(report, results.Select(result => result.Length).Distinct(), folder, context);
        return ExitCode.Success;
    }

    static void Write(AddingProblemReport report, IEnumerable<int> lengths, string folder, CommandContext context)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "results.md"), report.ToMarkdown());
        File.WriteAllText(Path.Combine(folder, "results.json"), report.ToJson());
        foreach (int length in lengths)
            File.WriteAllText(Path.Combine(folder, $"curves-T{length}.svg"), report.ToSvg(length));
        context.Error.WriteLine($"wrote results and curves to {folder}");
    }

    static Option<string> List(string name, string description, string all) =>
        new(name) { Description = description, DefaultValueFactory = _ => all, HelpName = "A,B,…" };

    static Option<int> Number(string name, string description, int usual, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "N" };
        CommandOptions.RequireRange(option, 1, most);
        return option;
    }

    static IEnumerable<T> Each<T>(string list, string option, Func<string, string, T> parse) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } entries
            ? entries.Distinct().Select(entry => parse(entry, option))
            : throw new UserErrorException($"{option} is empty, expected a list such as 1,2.");

    static AddingProblemCell Cell(string name, string option) => AddingProblemCell.All.FirstOrDefault(cell => cell.Name == name)
        ?? throw new UserErrorException($"{option} has '{name}', expected some of: {string.Join(", ", AddingProblemCell.All.Select(cell => cell.Name))}.");

    static double ClipNorm(string text, string option) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double norm) && norm >= 0 && double.IsFinite(norm)
            ? norm
            : throw new UserErrorException($"{option} has '{text}', expected numbers from 0.");

    static int Length(string text, string option) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out int length) && length is >= 2 and <= 10_000
            ? length
            : throw new UserErrorException($"{option} has '{text}', expected whole numbers from 2 to 10000.");

    /// <summary>One line a measurement.</summary>
    sealed class Progress(AddingProblemRun run, TextWriter output) : IProgress<AddingProblemMeasurement>
    {
        public void Report(AddingProblemMeasurement value) =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run}: step {value.Step:N0}, MSE {value.Error:0.0000}"));
    }
}
