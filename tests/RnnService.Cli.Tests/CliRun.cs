using System.Globalization;

namespace RnnService.Cli.Tests;

/// <summary>A run of the command in this process, in a folder of its own with a recipe and text.</summary>
public sealed class CliRun : IDisposable
{
    const string Recipe = """
        { "task": "language-model", "tokenizer": { "type": "word", "lowercase": true },
          "model": { "cell": "lstm", "layers": 1, "hiddenSize": 16, "embeddingSize": 8, "dropout": 0.1 },
          "training": { "epochs": 3, "batchSize": 2, "bpttWindow": 6, "patience": 0, "optimizer": { "type": "adam", "learningRate": 0.02 } },
          "card": { "language": "en" } }
        """;

    public const string Text = """
        The cat sleeps on the mat.
        The dog sleeps in the garden.
        A bird sings in the old tree.
        My brother reads a long book.
        The old man walks to the market.
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("rnn-cli-").FullName;

    public CliRun()
    {
        Write("recipe.json", Recipe);
        Write("train.txt", Text);
        Write("valid.txt", Text);
    }

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>The one line of an error that the user can put right.</summary>
    public string ErrorLine => Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    public string PathOf(string name) => Path.Combine(_folder, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>Runs a command line; arguments that begin with <c>./</c> are in the folder.</summary>
    /// <param name="commandLine">split at blanks</param>
    /// <param name="stopAt">stops, as Ctrl-C does, once progress contains this</param>
    public int Run(string commandLine, string? stopAt = null) => Run(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries), stopAt);

    /// <summary>Runs a command line that is stopped before it begins.</summary>
    public int RunStopped(string commandLine) => Run(commandLine.Split(' '), stopAt: null, isStopped: true);

    public int Run(string[] args, string? stopAt = null, bool isStopped = false)
    {
        using var stop = new CancellationTokenSource();
        if (isStopped)
            stop.Cancel();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new WatchedWriter(stopAt, stop);
        string[] inFolder = [.. args.Select(arg => arg.StartsWith("./", StringComparison.Ordinal) ? PathOf(arg[2..]) : arg)];
        int exitCode = RnnCommand.Run(inFolder, new CommandContext(output, error, stop.Token));
        (Output, Error) = (output.ToString(), error.ToString());
        return exitCode;
    }

    /// <summary>Trains into <c>./models/NAME</c> with the recipe and text of the folder.</summary>
    public int Train(string name, string more = "", string? stopAt = null) =>
        Run($"train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./models/{name} --work ./work-{name} {more}", stopAt);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    sealed class WatchedWriter(string? stopAt, CancellationTokenSource stop) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (stopAt is not null && value!.Contains(stopAt, StringComparison.Ordinal))
                stop.Cancel();
        }
    }
}
