using System.Text.Json;

namespace RnnService.Cli.Tests;

public sealed class ExperimentCommandTests : IDisposable
{
    const string Small = "experiment adding-problem --lengths 4,6 --cells gru,rnn --clip-norms 1,0 --steps 20 --hidden-size 4 --batch-size 4";

    readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void AddingProblem_Out_WritesTableJsonAndCurves()
    {
        Assert.Equal(0, _cli.Run($"{Small} --out ./adding"));
        string[] table = _cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("| cell | clip norm | T=4 | T=6 |", table[0], StringComparison.Ordinal);
        Assert.Equal(2 + 4, table.Length);
        Assert.StartsWith("| GRU | 1 | no: MSE ", table[2], StringComparison.Ordinal);
        Assert.StartsWith("| RNN (tanh) | off | no: MSE ", table[5], StringComparison.Ordinal);
        Assert.Contains("gru T=6 clip 1: step 20, MSE ", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(["curves-T4.svg", "curves-T6.svg", "results.json", "results.md"],
            Directory.GetFiles(_cli.PathOf("adding")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(_cli.Output, File.ReadAllText(_cli.PathOf("adding/results.md")));
        using var json = JsonDocument.Parse(File.ReadAllBytes(_cli.PathOf("adding/results.json")));
        Assert.Equal(8, json.RootElement.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public void AddingProblem_Stopped_EndsAfterAMeasurement() =>
        Assert.Equal(130, _cli.Run("experiment adding-problem --lengths 4 --cells lstm --steps 100000", stopAt: "step 100,"));

    [Theory]
    [InlineData("--cells gru,elman", "--cells has 'elman', expected some of: rnn, irnn, lstm, gru.")]
    [InlineData("--lengths 100,1", "--lengths has '1', expected whole numbers from 2 to 10000.")]
    [InlineData("--lengths ,", "--lengths is empty, expected a list such as 1,2.")]
    [InlineData("--clip-norms -1", "--clip-norms has '-1', expected numbers from 0.")]
    [InlineData("--steps 0", "--steps is 0, expected 1 to ")]
    public void WrongArguments_SayWhatInOneLine(string options, string expected)
    {
        Assert.Equal(2, _cli.Run($"experiment adding-problem {options}"));
        Assert.Contains(expected, _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("experiment --help", "rnn experiment adding-problem")]
    [InlineData("experiment adding-problem --help", "--lengths 100,200,400 --clip-norms 1,0")]
    public void Help_ShowsExamples(string commandLine, string expected)
    {
        Assert.Equal(0, _cli.Run(commandLine));
        Assert.Contains("Examples:", _cli.Output, StringComparison.Ordinal);
        Assert.Contains(expected, _cli.Output, StringComparison.Ordinal);
    }
}
