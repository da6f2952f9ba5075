using System.Text.Json;

namespace RnnService.Cli.Tests;

/// <summary><c>inspect</c> on a small trained model.</summary>
public sealed class InspectCommandTests(ModelCommandsTests.TrainedModel trained) : IClassFixture<ModelCommandsTests.TrainedModel>
{
    readonly CliRun _cli = trained.Cli;

    [Fact]
    public void Inspect_Text_PrintsARowForEachToken()
    {
        Assert.Equal(0, _cli.Run(["inspect", "./models/trial", "the cat sleeps"]));
        string[] lines = _cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("layer 1, lstm, 16 units; loss L of 'sleeps': ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["token", "i", "f", "|g|", "o", "|h|", "|c|", "‖dL/dh[t]‖"], Words(lines[1]));
        Assert.Equal(["<eos>", "the", "cat", "sleeps"], lines[2..].Select(line => Words(line)[0]));
        Assert.All(lines[2..], line => Assert.Equal(8, Words(line).Length));
        Assert.Equal("-", Words(lines[^1])[^1]);
    }

    [Fact]
    public void Inspect_Out_WritesJsonAndPlots()
    {
        Assert.Equal(0, _cli.Run(["inspect", "./models/trial", "the cat sleeps", "--loss", "all", "--layer", "1", "--out", "./inspection"]));
        Assert.Contains("loss L of all tokens", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(["gates-layer1.svg", "gradients.svg", "inspection.json"],
            Directory.GetFiles(_cli.PathOf("inspection")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        using var json = JsonDocument.Parse(File.ReadAllBytes(_cli.PathOf("inspection/inspection.json")));
        Assert.Equal(4, json.RootElement.GetProperty("tokens").GetArrayLength());
        Assert.Equal("all", json.RootElement.GetProperty("loss").GetProperty("of").GetString());
        Assert.StartsWith("<svg ", File.ReadAllText(_cli.PathOf("inspection/gates-layer1.svg")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect ./models/trial the --layer 2", "--layer is 2, expected 1 to 1, the layers of the model.")]
    [InlineData("inspect ./models/trial the --loss first", "first")]
    [InlineData("inspect ./models/trial", "rnn inspect --help")]
    public void WrongArguments_SayWhatInOneLine(string commandLine, string expected)
    {
        Assert.Equal(2, _cli.Run(commandLine));
        Assert.Contains(expected, _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_NoToken_SaysHowManyAreNeeded()
    {
        Assert.Equal(2, _cli.Run(["inspect", "./models/trial", ""]));
        Assert.Contains("the text has 1 tokens, expected 2 to 256.", _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_ShowsExamples()
    {
        Assert.Equal(0, _cli.Run("inspect --help"));
        Assert.Contains("Examples:", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("inspection.json", _cli.Output, StringComparison.Ordinal);
    }

    static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
