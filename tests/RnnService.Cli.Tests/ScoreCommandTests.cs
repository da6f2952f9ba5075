using System.Text.Json;

namespace RnnService.Cli.Tests;

public sealed class ScoreCommandTests : IDisposable
{
    readonly CliRun _cli = new();

    public ScoreCommandTests()
    {
        // The example of sacreBLEU's README.
        _cli.Write("sys.txt", "The dog bit the man.\nIt wasn't surprising.\nThe man had just bitten him.\n");
        _cli.Write("ref1.txt", "The dog bit the man.\nIt was not unexpected.\nThe man bit him first.\n");
        _cli.Write("ref2.txt", "The dog had bit the man.\nNo one was surprised.\nThe man had bitten the dog.");
        _cli.Write("short.txt", "One line.\n");
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Score_TwoReferenceFiles_PrintsBleuAndChrF()
    {
        Assert.Equal(0, _cli.Run("score ./sys.txt ./ref1.txt ./ref2.txt"));
        Assert.Equal("BLEU|13a = 48.53 82.4/50.0/45.5/37.5 (BP = 0.943 hyp_len = 17 ref_len = 18)\nchrF2 = 59.73\n", _cli.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Score_Json_GivesTheFigures()
    {
        Assert.Equal(0, _cli.Run("score --tokenize zh ./ref1.txt ./ref1.txt --json"));
        using var figures = JsonDocument.Parse(_cli.Output);
        Assert.Equal(100, figures.RootElement.GetProperty("bleu").GetDouble(), 9);
        Assert.Equal(100, figures.RootElement.GetProperty("chrF").GetDouble(), 9);
        Assert.Equal(3, figures.RootElement.GetProperty("segments").GetInt32());
    }

    [Theory]
    [InlineData("score ./sys.txt ./short.txt", "short.txt: found 1 lines, expected 3, as many as translations.")]
    [InlineData("score ./sys.txt", "rnn score --help")]
    [InlineData("score ./none.txt ./ref1.txt", "none.txt: no such file")]
    [InlineData("score --tokenize intl ./sys.txt ./ref1.txt", "intl")]
    public void Score_WrongArguments_SayWhatInOneLine(string commandLine, string expected)
    {
        Assert.Equal(2, _cli.Run(commandLine));
        Assert.Contains(expected, _cli.ErrorLine, StringComparison.Ordinal);
    }
}
