using System.Globalization;
using System.Text.Json;

namespace RnnService.Cli.Tests;

/// <summary><c>evaluate</c>, <c>predict</c> and <c>generate</c> on one small trained model.</summary>
public sealed class ModelCommandsTests(ModelCommandsTests.TrainedModel trained) : IClassFixture<ModelCommandsTests.TrainedModel>
{
    readonly CliRun _cli = trained.Cli;

    [Fact]
    public void Evaluate_Json_GivesTheFiguresOfTheManifest()
    {
        Assert.Equal(0, _cli.Run("evaluate ./models/trial --data ./valid.txt --train ./train.txt --weights int8 --json"));
        using var figures = JsonDocument.Parse(_cli.Output);
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(_cli.PathOf("models/trial/1/model.json")));
        var metrics = manifest.RootElement.GetProperty("metrics").EnumerateObject().ToArray();
        Assert.Equal(["loss", "perplexity", "tokens", "int8Perplexity", "int8PerplexityChange", "top1", "top3", "wordsOnlyTop1", "wordsOnlyTop3", "words", "ngramsTop1", "ngramsTop3"], metrics.Select(metric => metric.Name));
        foreach (var metric in metrics)
            Assert.Equal(metric.Value.GetDouble(), figures.RootElement.GetProperty(metric.Name).GetDouble());
    }

    [Fact]
    public void Evaluate_Int8Weights_PrintsBothPerplexitiesAndTheChange()
    {
        Assert.Equal(0, _cli.Run("evaluate ./models/trial --data ./valid.txt"));
        string plain = _cli.Output;
        Assert.Equal(0, _cli.Run("evaluate ./models/trial --data ./valid.txt --weights int8"));
        string[] lines = _cli.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(plain.ReplaceLineEndings("\n").Split('\n'), lines.Where((_, index) => index != 1));
        Assert.Matches(@"^with int8 weights: perplexity \d+\.\d\d, [+-]?\d\.\d\d% from float32$", lines[1]);
    }

    [Fact]
    public void Predict_Int8Weights_DiffersALittle()
    {
        string[] command = ["predict", "./models/trial", "the cat sleeps on", "--top", "1"];
        Assert.Equal(0, _cli.Run(command));
        double exact = Probability();
        Assert.Equal(0, _cli.Run([.. command, "--weights", "int8"]));
        Assert.Equal(exact, Probability(), 0.05);
        double Probability() => double.Parse(_cli.Output.Split("  ")[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Evaluate_Text_CountsWordsThatDoNotBeginASentence()
    {
        Assert.Equal(0, _cli.Run("evaluate ./models/trial@1 --data ./valid.txt"));
        // Five sentences of 6, 6, 7, 6 and 7 words; the first of each is not asked for.
        Assert.Contains("of 27 words", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_VersionFolder_IsAModelToo() => Assert.Equal(0, _cli.Run("evaluate ./models/trial/1 --data ./valid.txt"));

    [Fact]
    public void Predict_Top_PrintsThatManyWordsBestFirst()
    {
        Assert.Equal(0, _cli.Run(["predict", "./models/trial", "the cat sleeps on", "--top", "3"]));
        var lines = _cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ")).ToArray();
        Assert.Equal(3, lines.Length);
        Assert.Equal(lines.OrderByDescending(line => double.Parse(line[0], CultureInfo.InvariantCulture)), lines);
    }

    [Fact]
    public void Predict_Prefix_PrintsOnlyWordsThatBeginWithIt()
    {
        Assert.Equal(0, _cli.Run(["predict", "./models/trial", "the cat", "--prefix", "sl"]));
        Assert.Matches(@"^0\.\d{4}  sleeps\n$", _cli.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Generate_SameSeed_PrintsTheSameText()
    {
        string[] command = ["generate", "./models/trial", "The cat", "--seed", "7", "--max-tokens", "5", "--temperature", "0.8", "--top-k", "9", "--top-p", "0.9"];
        Assert.Equal(0, _cli.Run(command));
        string first = _cli.Output;
        Assert.StartsWith("The cat", first, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run(command));
        Assert.Equal(first, _cli.Output);
    }

    [Theory]
    [InlineData("evaluate ./models/nothing --data ./valid.txt", "No model is called 'nothing'; there are: trial.")]
    [InlineData("evaluate ./models/trial@7 --data ./valid.txt", "has no version 7; there are: 1.")]
    [InlineData("evaluate ./models/trial@best --data ./valid.txt", "has no alias 'best'")]
    [InlineData("evaluate ./nowhere/trial --data ./valid.txt", "nowhere'; give REPOSITORY/NAME.")]
    [InlineData("evaluate trial --data ./valid.txt", "'trial' is not REPOSITORY/NAME")]
    [InlineData("evaluate ./models/trial --data ./none.txt", "none.txt: no such file")]
    [InlineData("evaluate ./models/trial", "--data")]
    [InlineData("predict ./models/trial", "rnn predict --help")]
    [InlineData("predict ./models/trial the --top 0", "--top is 0, expected 1 to 50.")]
    [InlineData("predict ./models/trial the --weights int4", "int4")]
    [InlineData("generate ./models/trial the --temperature -1", "--temperature is -1, expected 0 to 100.")]
    [InlineData("generate ./models/trial the --top-p 0", "--top-p is 0, expected ")]
    [InlineData("generate ./models/trial the --max-tokens 0", "--max-tokens is 0, expected 1 to ")]
    [InlineData("generate ./models/trial the --tmperature 1", "--tmperature")]
    [InlineData("predict ./models/trial the --top many", "--top is 'many', expected a whole number, 1 to 50.")]
    [InlineData("predict ./models/trial the --beam 4", "--beam is for models that translate")]
    [InlineData("generate ./models/trial the --temperature 0,8", "--temperature is '0,8', expected a number such as 0.5, 0 to 100.")]
    [InlineData("generate ./models/trial the --temperature NaN", "--temperature is NaN, expected 0 to 100.")]
    [InlineData("generate ./models/trial the --top-p 0,9", "--top-p is '0,9', expected a number such as 0.5, ")]
    [InlineData("generate ./models/trial the --seed 99999999999999999999", "--seed is '99999999999999999999', expected a whole number, -9223372036854775808 to 9223372036854775807.")]
    [InlineData("inspect ./models/trial the --layer first", "--layer is 'first', expected a whole number, ")]
    [InlineData("prepare carried-labels ./models/trial --data ./valid.txt --source a --target b --out ./x.tsv --least-score 0,9", "--least-score is '0,9', expected a number such as 0.5, 0 to 1.")]
    [InlineData("pedict ./models/trial the", "There is no command 'pedict'; did you mean 'predict'? See 'rnn --help'.")]
    [InlineData("frobnicate", "There is no command 'frobnicate'; there are: train, evaluate, ")]
    [InlineData("prepare pasages --data ./train.txt", "There is no command 'pasages'; did you mean 'passages'? See 'rnn prepare --help'.")]
    [InlineData("", "Required command was not provided. See 'rnn --help'.")]
    public void WrongArguments_SayWhatInOneLine(string commandLine, string expected)
    {
        Assert.Equal(2, _cli.Run(commandLine));
        Assert.Contains(expected, _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_TextThatBeginsWithAt_IsAText()
    {
        Assert.Equal(0, _cli.Run(["predict", "./models/trial", "@user the cat"]));
        Assert.Equal(0, _cli.Run(["generate", "./models/trial", "@user", "--max-tokens", "1"]));
        Assert.StartsWith("@user", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("predict ./models/trial the")]
    [InlineData("evaluate ./models/trial --data ./valid.txt")]
    [InlineData("inspect ./models/trial the")]
    public void Stopped_EndsWithoutAWord(string commandLine)
    {
        Assert.Equal(130, _cli.RunStopped(commandLine));
        Assert.Equal("", _cli.Error);
    }

    [Fact]
    public void Evaluate_DamagedWeights_SaysWhichFile()
    {
        string folder = _cli.PathOf("damaged");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(_cli.PathOf("models/trial/1")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        byte[] weights = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), weights[..^4]);
        Assert.Equal(2, _cli.Run("evaluate ./damaged --data ./valid.txt"));
        Assert.Contains("model.safetensors", _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "generate")]
    [InlineData("train --help", "rnn train recipe.json --data train.txt --valid valid.txt --out models/my-model --resume")]
    [InlineData("evaluate --help", "--json")]
    [InlineData("predict --help", "--prefix")]
    [InlineData("generate --help", "--top-k")]
    [InlineData("score --help", "--tokenize")]
    public void Help_ShowsOptionsAndExamples(string commandLine, string expected)
    {
        Assert.Equal(0, _cli.Run(commandLine));
        Assert.Contains("Examples:", _cli.Output, StringComparison.Ordinal);
        Assert.Contains(expected, _cli.Output, StringComparison.Ordinal);
    }

    public sealed class TrainedModel : IDisposable
    {
        public TrainedModel() => Assert.Equal(0, Cli.Train("trial"));

        public CliRun Cli { get; } = new();

        public void Dispose() => Cli.Dispose();
    }
}
