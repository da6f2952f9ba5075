using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Models.Packages;
using RnnService.Training.Recipes;
using RnnService.Training.Tasks;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Tasks;

public sealed class PretrainedEncoderTests : IDisposable
{
    const string Model = """ "hiddenSize": 8, "embeddingSize": 6, "layers": 2, "pooling": "mean", "initializeFrom": "lm" """;

    const string Bidirectional = """ "hiddenSize": 8, "embeddingSize": 6, "layers": 1, "bidirectional": true, "pooling": "max" """;

    readonly TemporaryFolder _folder = new();

    public PretrainedEncoderTests() => SmallClassification.WriteLanguageModel(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_UnfreezingEveryEpoch_MovesTheTopLayerFirstAndTheEmbeddingLast()
    {
        string[][] moved = [.. Enumerable.Range(1, 4).Select(epochs => Moved(epochs))];
        Assert.Equal(["output.weight", "output.bias"], moved[0]);
        Assert.All(moved[1].Except(moved[0]), name => Assert.EndsWith("_l1", name, StringComparison.Ordinal));
        Assert.All(moved[2].Except(moved[1]), name => Assert.EndsWith("_l0", name, StringComparison.Ordinal));
        Assert.Equal(["embedding.weight"], moved[3].Except(moved[2]));
        Assert.Equal([2, 6, 10, 11], moved.Select(names => names.Length));
    }

    [Fact]
    public void CopyTo_BidirectionalClassifier_StartsTheForwardDirectionOfTheFirstLayer()
    {
        var small = Create(Model.Replace("\"layers\": 2", "\"layers\": 1, \"bidirectional\": true", StringComparison.Ordinal));
        var source = LanguageModelPackage.Load(Path.Combine(_folder.Path, "lm", "1")).Model.Parameters;
        foreach (string name in (string[])["embedding.weight", "rnn.weight_ih_l0", "rnn.bias_hh_l0"])
            Assert.Equal(source[name].Value.Span.ToArray(), small.Task.Parameters[name].Value.Span.ToArray());
        small.Run();
        Assert.Equal(1, Assert.IsType<Training.Evaluation.ClassificationResult>(small.Task.Evaluate()).Matrix.Accuracy);
    }

    [Fact]
    public void CopyTo_FromAClassifier_StartsEveryLayerOfBothDirections()
    {
        var package = PublishClassifier(ModelTask.SequenceClassifier);
        var small = Continue(Bidirectional);
        string[] copied = [.. package.Model.Parameters.Select(parameter => parameter.Name).Where(name => !name.StartsWith("output.", StringComparison.Ordinal))];
        Assert.Equal(1 + 2 * 4, copied.Length);
        Assert.All(copied, name => Assert.Equal(Values(package.Model.Parameters[name]), Values(small.Task.Parameters[name])));
        Assert.NotEqual(Values(package.Model.Parameters["output.weight"]), Values(small.Task.Parameters["output.weight"]));
    }

    [Fact]
    public void CopyTo_BidirectionalToOneDirection_NamesTheField()
    {
        PublishClassifier(ModelTask.SequenceClassifier);
        var error = Assert.Throws<TrainingException>(() => Continue(Bidirectional.Replace("true", "false", StringComparison.Ordinal)));
        Assert.StartsWith("model.bidirectional is false, but that of other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ModelOfAnotherTask_SaysWhatIsExpected()
    {
        PublishClassifier(ModelTask.Tagger);
        var error = Assert.Throws<TrainingException>(() => Continue(Bidirectional));
        Assert.Equal("model.initializeFrom is \"other\", whose task is tagger; expected language-model or sequence-classifier.", error.Message);
    }

    [Theory]
    [InlineData("\"hiddenSize\": 8", "\"hiddenSize\": 9", "model.hiddenSize is 9, but that of lm, which model.initializeFrom names, is 8; set it to 8.")]
    [InlineData("\"hiddenSize\": 8", "\"hiddenSize\": 8, \"cell\": \"gru\"", "model.cell is gru, but that of lm, which model.initializeFrom names, is lstm; set it to lstm.")]
    [InlineData("\"layers\": 2", "\"layers\": 1", "model.layers is 1")]
    [InlineData("\"embeddingSize\": 6", "\"embeddingSize\": 4", "model.embeddingSize is 4")]
    [InlineData("\"layers\": 2", "\"layers\": 2, \"leak\": 0.5", "model.leak is 0.5, but that of lm, which model.initializeFrom names, is 0; set it to 0.")]
    [InlineData("\"layers\": 2", "\"layers\": 2, \"timeSkip\": 3", "model.timeSkip is 3")]
    [InlineData("\"layers\": 2", "\"layers\": 2, \"residual\": true", "model.residual is true, but that of lm, which model.initializeFrom names, is false; set it to false.")]
    public void CopyTo_OtherNetwork_NamesTheField(string field, string changed, string expected) => Assert.Contains(
        expected, Assert.Throws<TrainingException>(() => Create(Model.Replace(field, changed, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("activation", "\"cell\": \"rnn\"", "model.activation is tanh, but that of lm, which model.initializeFrom names, is relu; set it to relu.")]
    [InlineData("recurrence", "\"cell\": \"rnn\"", "model.recurrence is elman, but that of lm, which model.initializeFrom names, is jordan; set it to jordan.")]
    [InlineData("gruForm", "\"cell\": \"gru\"", "model.gruForm is reset-after, but that of lm, which model.initializeFrom names, is reset-before; set it to reset-before.")]
    public void CopyTo_OtherCell_NamesTheField(string field, string cell, string expected)
    {
        SmallClassification.WriteLanguageModel(_folder.Path, settings => field switch
        {
            "activation" => settings with { Cell = CellKind.Rnn, Activation = CellActivation.Relu },
            "recurrence" => settings with { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan },
            _ => settings with { Cell = CellKind.Gru, GruForm = GruForm.ResetBefore },
        });
        Assert.Equal(expected, Assert.Throws<TrainingException>(() => Create($"{Model}, {cell}")).Message);
    }

    [Theory]
    [InlineData("none", "No model is called 'none'")]
    [InlineData("nowhere/lm", "No model is called 'lm'")]
    public void Load_NoSuchModel_SaysSo(string location, string expected)
    {
        var error = Assert.Throws<TrainingException>(() => PretrainedEncoder.Load(new EncoderSettings(location, 0), _folder.Path));
        Assert.Contains($"model.initializeFrom is \"{location}\", which cannot be used: {expected}", error.Message, StringComparison.Ordinal);
    }

    ClassifierPackage PublishClassifier(string task)
    {
        var small = new SmallClassification(task, task == ModelTask.Tagger ? null : Bidirectional);
        small.Run(steps: 3);   // away from the weights that every training begins with
        var version = new ModelRepository(null, _folder.Path).Publish("other", folder => small.Publish(folder));
        return (ClassifierPackage)ModelPackage.Load(version.Folder);
    }

    SmallClassification Continue(string model) => new(
        ModelTask.SequenceClassifier, model + ", \"initializeFrom\": \"other\"", encoder: PretrainedEncoder.Load(new EncoderSettings("other", 0), _folder.Path));

    SmallClassification Create(string model, string training = "") => new(
        ModelTask.SequenceClassifier, model, training, encoder: PretrainedEncoder.Load(new EncoderSettings("lm", training.Length > 0 ? 1 : 0), _folder.Path));

    // Which weights a training of so many epochs changes.
    string[] Moved(int epochs)
    {
        var small = Create(Model, ", \"unfreezeEvery\": 1");
        float[][] before = [.. small.Task.Parameters.Select(Values)];
        small.Run(epochs * small.Task.Size.StepsPerEpoch);
        return [.. small.Task.Parameters.Where((parameter, index) => !Values(parameter).SequenceEqual(before[index])).Select(parameter => parameter.Name)];
    }

    static float[] Values(Parameter parameter) => parameter.Value.Span.ToArray();
}
