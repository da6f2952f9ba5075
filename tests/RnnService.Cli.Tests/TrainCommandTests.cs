using System.Text.Json;

namespace RnnService.Cli.Tests;

public sealed class TrainCommandTests : IDisposable
{
    readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Train_RecipeAndText_PublishesAWholeVersion()
    {
        Assert.Equal(0, _cli.Train("trial"));
        Assert.Contains("published trial@1", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("epoch 3: training loss", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(["README.md", "model.json", "model.safetensors", "recipe.json", "tokenizer.json"],
            Directory.GetFiles(_cli.PathOf("models/trial/1")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(_cli.PathOf("work-trial")), "the checkpoint of a finished training is deleted");
        Assert.Equal(File.ReadAllText(_cli.PathOf("recipe.json")), File.ReadAllText(_cli.PathOf("models/trial/1/recipe.json")));

        using var manifest = JsonDocument.Parse(File.ReadAllBytes(_cli.PathOf("models/trial/1/model.json")));
        Assert.True(manifest.RootElement.GetProperty("metrics").GetProperty("perplexity").GetDouble() > 1);
        Assert.Equal("en", Assert.Single(manifest.RootElement.GetProperty("languages").EnumerateArray()).GetString());
        Assert.Equal(16, manifest.RootElement.GetProperty("recipe").GetProperty("model").GetProperty("hiddenSize").GetInt32());
        string card = File.ReadAllText(_cli.PathOf("models/trial/1/README.md"));
        Assert.Contains("rnn train ", card, StringComparison.Ordinal);
        Assert.Contains("| perplexity | ", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Again_PublishesTheNextVersionWithTheSameWeights()
    {
        Assert.Equal(0, _cli.Train("trial"));
        Assert.Equal(0, _cli.Train("trial"));
        Assert.Contains("published trial@2", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(Weights("trial/1"), Weights("trial/2"));
    }

    [Fact]
    public void Train_BytePairs_PublishesAModelThatGeneratesAndPredictsWords()
    {
        string recipe = File.ReadAllText(_cli.PathOf("recipe.json"));
        _cli.Write("recipe.json", recipe.Replace(
            "\"type\": \"word\", \"lowercase\": true", "\"type\": \"bpe\", \"vocabularySize\": 300", StringComparison.Ordinal));
        Assert.Equal(0, _cli.Train("pieces"));
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(_cli.PathOf("models/pieces/1/model.json")));
        Assert.Equal("bpe", manifest.RootElement.GetProperty("tokenizer").GetProperty("type").GetString());
        Assert.Equal(0, _cli.Run(["generate", "./models/pieces", "The old man", "--temperature", "0", "--max-tokens", "4"]));
        Assert.StartsWith("The old man", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run(["predict", "./models/pieces", "The old", "--top", "3"]));
        Assert.Matches(@"^\d\.\d{4}  \S", _cli.Output);
        Assert.Equal(0, _cli.Run("evaluate ./models/pieces --data ./valid.txt"));
        Assert.Contains("perplexity per character", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("at step 3")]      // inside the first epoch
    [InlineData("epoch 2:")]       // between two epochs
    [InlineData("training and")]   // before the first step
    public void Train_StoppedAndResumed_GivesTheSameWeights(string stopAt)
    {
        Assert.Equal(0, _cli.Train("through"));
        Assert.Equal(130, _cli.Train("resumed", "--checkpoint-minutes 0", stopAt));
        Assert.Contains("stopped; go on with: rnn train ", _cli.Error, StringComparison.Ordinal);
        Assert.EndsWith("--resume", _cli.Error.TrimEnd(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.PathOf("models/resumed/1")));

        Assert.Equal(2, _cli.Train("resumed"));
        Assert.Contains("holds an unfinished training; add --resume", _cli.ErrorLine, StringComparison.Ordinal);

        Assert.Equal(0, _cli.Train("resumed", "--resume"));
        Assert.Equal(Weights("through/1"), Weights("resumed/1"));
    }

    [Fact]
    public void Train_StoppedWhileMeasuring_EndsAndIsResumed()
    {
        Assert.Equal(130, _cli.Train("trial", stopAt: "measuring"));
        Assert.Contains("stopped; go on with: rnn train ", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Train("trial", "--resume"));
        Assert.Contains("published trial@1", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ResumedWithOtherText_SaysWhatDiffers()
    {
        _cli.Train("trial", stopAt: "training and");
        _cli.Write("valid.txt", "Something else.");
        Assert.Equal(2, _cli.Train("trial", "--resume"));
        Assert.Contains("cannot resume, the validation text (--valid) differs", _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ResumeWithoutCheckpoint_SaysSo()
    {
        Assert.Equal(2, _cli.Train("trial", "--resume"));
        Assert.Contains("no checkpoint to resume from; start without --resume", _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train ./recipe.json --data ./none.txt --valid ./valid.txt --out ./models/trial", "none.txt: no such file")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./empty.txt --out ./models/trial", "empty.txt: the file is empty")]
    [InlineData("train ./none.json --data ./train.txt --valid ./valid.txt --out ./models/trial", "none.json: no such recipe file")]
    [InlineData("train ./train.txt --data ./train.txt --valid ./valid.txt --out ./models/trial", "train.txt line 1: not valid JSON")]
    [InlineData("train ./typo.json --data ./train.txt --valid ./valid.txt --out ./models/trial", "typo.json line 1: unknown field tsk; did you mean \"task\"?")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out trial", "'trial' is not REPOSITORY/NAME")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./models/My_Model", "'My_Model' cannot be a model's name")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./train.txt/trial", "cannot be the repository's folder")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./models/trial --threads 0", "--threads is 0, expected 1 to ")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./models/trial --threads many", "'many'")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./models/trial --checkpoint-minutes -1", "--checkpoint-minutes is -1, expected 0 to 1000000.")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./models/trial --checkpoint-minutes 1e300", "--checkpoint-minutes is 1E+300, expected 0 to 1000000.")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./models/trial --checkpoint-minutes 0,5", "--checkpoint-minutes is '0,5', expected a number such as 0.5, 0 to 1000000.")]
    [InlineData("train ./recipe.json --data ./train.txt --valid ./valid.txt --out ./models/trial --work ./train.txt", "train.txt: cannot be the work folder")]
    [InlineData("train ./empty --data ./train.txt --valid ./valid.txt --out ./models/trial", "empty: is a folder, expected a recipe file.")]
    [InlineData("train ./recipe.json --valid ./valid.txt --out ./models/trial", "--data")]
    [InlineData("train", "rnn train --help")]
    public void Train_WrongArguments_SaysWhatInOneLine(string commandLine, string expected)
    {
        _cli.Write("empty.txt", "\n");
        Directory.CreateDirectory(_cli.PathOf("empty"));
        _cli.Write("typo.json", """{ "tsk": 1, "task": "language-model", "tokenizer": { "type": "word" }, "model": {}, "training": {} }""");
        Assert.Equal(2, _cli.Run(commandLine));
        Assert.Contains(expected, _cli.ErrorLine, StringComparison.Ordinal);
        Assert.Equal("", _cli.Output);
    }

    [Theory]
    [InlineData(""" "cell": "lstm", "hiddenSize": 1024, "layers": 1 """, 32, 65_536, "training.bpttWindow is 65536, model.hiddenSize is 1024: together they ask for a tensor of 8589934592 elements or more, expected 2147483647 at most")]
    // As many elements as a tensor can have, and more than an array.
    [InlineData(""" "cell": "rnn", "hiddenSize": 1984, "embeddingSize": 1, "layers": 1 """, 1801, 601, "out of memory; make training.batchSize")]
    public void Train_SizesThatAreTooLargeTogether_SaysWhichInOneLine(string model, int batchSize, int window, string expected)
    {
        _cli.Write("recipe.json", $$"""
            { "task": "language-model", "tokenizer": { "type": "word" }, "model": { {{model}} },
              "training": { "batchSize": {{batchSize}}, "bpttWindow": {{window}} } }
            """);
        Assert.Equal(2, _cli.Train("trial"));
        Assert.Contains(expected, _cli.ErrorLine, StringComparison.Ordinal);
    }

    byte[] Weights(string version) => File.ReadAllBytes(_cli.PathOf($"models/{version}/model.safetensors"));
}
