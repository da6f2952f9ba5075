using RnnService.Models.Interchange.Onnx;

namespace RnnService.Cli.Tests;

/// <summary><c>import-pytorch</c> and <c>export-onnx</c> on one small trained model.</summary>
public sealed class InterchangeCommandsTests(ModelCommandsTests.TrainedModel trained) : IClassFixture<ModelCommandsTests.TrainedModel>
{
    readonly CliRun _cli = trained.Cli;

    [Fact]
    public void ImportPyTorch_WeightsOfThisProgram_GivesTheSameFigures()
    {
        Assert.Equal(0, _cli.Run("evaluate ./models/trial --data ./valid.txt --json"));
        string figures = _cli.Output;
        Assert.Equal(0, _cli.Run("import-pytorch ./models/trial/1/model.safetensors --tokenizer ./models/trial/1/tokenizer.json --out ./models/imported"));
        Assert.Contains("published imported@1", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("lstm 1 x 16, embedding 8", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("evaluate ./models/imported --data ./valid.txt --json"));
        Assert.Equal(figures, _cli.Output);
    }

    [Fact]
    public void ImportPyTorch_Mapping_StandsInTheCard()
    {
        _cli.Write("mapping.json", """{ "rnn": "rnn.", "output": "output." }""");
        Assert.Equal(0, _cli.Run(
            "import-pytorch ./models/trial/1/model.safetensors --mapping ./mapping.json --tokenizer ./models/trial/1/tokenizer.json --out ./models/mapped --storage float16"));
        string card = File.ReadAllText(_cli.PathOf("models/mapped/1/README.md"));
        Assert.Contains("| mapping | mapping.json | ", card, StringComparison.Ordinal);
        Assert.Contains(Models.Packages.ModelFiles.Sha256(_cli.PathOf("models/trial/1/model.safetensors")), card, StringComparison.Ordinal);
        Assert.Contains("rnn import-pytorch ", card, StringComparison.Ordinal);
        Assert.True(new FileInfo(_cli.PathOf("models/mapped/1/model.safetensors")).Length < 0.7 * new FileInfo(_cli.PathOf("models/trial/1/model.safetensors")).Length);
    }

    [Fact]
    public void ExportOnnx_Model_IsComparedOrSaysLoudlyThatItIsNot()
    {
        Assert.Equal(0, _cli.Run("export-onnx ./models/trial --out ./trial.onnx"));
        Assert.Contains("trial.onnx: 0.0 MB, inputs tokens, h_l0, c_l0", _cli.Output, StringComparison.Ordinal);
        if (OnnxRuntime.WhyMissing() is { } reason)
            Assert.Equal($"NOT VERIFIED in ONNX Runtime: {reason}.", _cli.ErrorLine);
        else
            Assert.Matches(@"ONNX Runtime \d+\.\d+\.\d+: [\d,]+ logits in 8 windows differ by \d\.\de-\d at most", _cli.Output);
    }

    [Theory]
    [InlineData("import-pytorch ./none.safetensors --tokenizer ./train.txt --out ./models/x", "none.safetensors: file: found nothing, expected a safetensors file.")]
    [InlineData("import-pytorch ./models --tokenizer ./train.txt --out ./models/x", "models: is a folder, expected the path of a file.")]
    [InlineData("import-pytorch ./models/trial/1/model.safetensors --tokenizer ./models --out ./models/x", "models: is a folder, expected the path of a file.")]
    [InlineData("export-onnx ./models/trial --out ./models", "models: is a folder, expected the path of a file.")]
    [InlineData("import-pytorch ./train.txt --tokenizer ./train.txt --out ./models/x", "train.txt: header length: found ")]
    [InlineData("import-pytorch ./models/trial/1/model.safetensors --tokenizer ./none.txt --out ./models/x", "none.txt: file: found nothing, expected a tokenizer.json or a list of tokens")]
    [InlineData("import-pytorch ./models/trial/1/model.safetensors --tokenizer ./valid.txt --out ./models/x", "embedding.weight: found float32 [")]
    [InlineData("import-pytorch ./models/trial/1/model.safetensors --tokenizer ./models/trial/1/tokenizer.json --out ./models/Trial", "'Trial' cannot be a model's name")]
    [InlineData("import-pytorch ./models/trial/1/model.safetensors --tokenizer ./models/trial/1/tokenizer.json --out ./models/x --storage int7", "int7")]
    [InlineData("import-pytorch ./models/trial/1/model.safetensors --out ./models/x", "--tokenizer")]
    [InlineData("export-onnx ./models/none --out ./x.onnx", "No model is called 'none'")]
    [InlineData("export-onnx ./models/trial --out ./none/x.onnx", "none")]
    [InlineData("export-onnx ./models/trial --out ./x.onnx --onnxruntime ./none --verify", "cannot be verified: there is no folder")]
    public void WrongArguments_SayWhatInOneLine(string commandLine, string expected)
    {
        Assert.Equal(2, _cli.Run(commandLine));
        Assert.Contains(expected, _cli.ErrorLine, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.PathOf("models/x")));
        Assert.False(File.Exists(_cli.PathOf("x.onnx")));
    }

    [Theory]
    [InlineData("import-pytorch --help", "--mapping")]
    [InlineData("import-pytorch --help", "\"gruForm\": \"reset-after\"")]
    [InlineData("export-onnx --help", "--onnxruntime")]
    public void Help_ShowsOptionsAndExamples(string commandLine, string expected)
    {
        Assert.Equal(0, _cli.Run(commandLine));
        Assert.Contains("Examples:", _cli.Output, StringComparison.Ordinal);
        Assert.Contains(expected, _cli.Output, StringComparison.Ordinal);
    }
}
