using RnnService.Models.Packages;
using RnnService.Training.Checkpoints;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Tasks;

public sealed class ClassifierTaskTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Tasks => new()
    {
        { ModelTask.SequenceClassifier, "" },
        { ModelTask.SequenceClassifier, """, "labelSmoothing": 0.1, "classWeights": "balanced", "averaging": { "startEpoch": 2, "decay": 0.9 } """ },
        { ModelTask.Tagger, "" },
        { ModelTask.SeriesClassifier, "" },
    };

    [Theory, MemberData(nameof(Tasks))]
    public void Run_EachTask_LearnsItsRowsByHeartAndIsMeasuredTheSameWhenLoaded(string task, string training)
    {
        var small = new SmallClassification(task, training: training);
        Assert.True(small.Run());
        var result = Assert.IsType<ClassificationResult>(small.Task.Evaluate());
        Assert.Equal(1, result.Matrix.Accuracy);
        Assert.NotEmpty(result.Baselines);

        var loaded = small.Publish(_folder.Path);
        var again = Assert.IsType<ClassificationResult>(Evaluator.Evaluate(loaded, small.Corpus, small.Corpus));
        Assert.Equal(result.Report, again.Report);
        Assert.Equal(result.Loss, again.Loss, 1e-5);
        Assert.Empty(Assert.IsType<ClassificationResult>(Evaluator.Evaluate(loaded, small.Corpus, training: null)).Baselines);
    }

    [Theory, MemberData(nameof(Tasks))]
    public void Resume_AtAnyStep_GivesTheSameBitsAsRunningThrough(string task, string training)
    {
        string few = $"{training}, \"seed\": 3";
        var through = new SmallClassification(task, training: few);
        through.Run();
        var identity = TrainingIdentity.Of(through.Recipe, through.Corpus, through.Corpus);
        foreach (int step in (int[])[1, through.Task.Size.StepsPerEpoch, 3 * through.Task.Size.StepsPerEpoch - 1])
        {
            var stopped = new SmallClassification(task, training: few);
            Assert.False(stopped.Run(step));
            var checkpoint = new TrainingCheckpoint(Path.Combine(_folder.Path, $"{step}"));
            checkpoint.Save(identity, stopped.Trainer.Position, stopped.Trainer.State);
            var resumed = new SmallClassification(task, training: few);
            resumed.Trainer.Resume(checkpoint.Load(identity, resumed.Trainer.State));
            Assert.True(resumed.Run());
            Assert.Equal(through.Weights, resumed.Weights);
        }
    }

    [Fact]
    public void Evaluate_PublishedSeriesModel_AnswersFromRawNumbers()
    {
        var small = new SmallClassification(ModelTask.SeriesClassifier);
        small.Run();
        var classifier = ((ClassifierPackage)small.Publish(_folder.Path)).CreateSeriesClassifier();
        Assert.Equal(["hits", "outs"], classifier.Features.Names);
        Assert.Equal("up", classifier.Classify([10, 100, 30, 90]).Label);
        Assert.Equal("low", classifier.Classify([50, 20]).Label);
    }

    [Fact]
    public void Run_WithABagOfWords_LeavesTheNetworkAsItIsAndIsMeasuredTheSameWhenLoaded()
    {
        const string few = ", \"seed\": 3";
        var alone = new SmallClassification(ModelTask.SequenceClassifier, training: few);
        var small = new SmallClassification(ModelTask.SequenceClassifier, training: few, more: """, "bagOfWords": { "minTexts": 1, "share": 0.9 } """);
        Assert.Null(TrainingIdentity.Of(alone.Recipe, alone.Corpus, alone.Corpus).DifferenceFrom(TrainingIdentity.Of(small.Recipe, small.Corpus, small.Corpus)));
        Assert.True(alone.Run() && small.Run());
        Assert.Equal(alone.Weights, small.Weights);
        var result = Assert.IsType<ClassificationResult>(small.Task.Evaluate());
        Assert.Equal(((ClassificationResult)alone.Task.Evaluate()).Loss, result.Network!.Loss);
        Assert.NotEqual(result.Network.Loss, result.Loss);
        Assert.Contains("without its bag of words: accuracy 100.0%", result.Report, StringComparison.Ordinal);

        var loaded = (ClassifierPackage)small.Publish(_folder.Path);
        Assert.Equal(0.9, loaded.Bag!.Settings.Share);
        Assert.Equal(result.Report, Evaluator.Evaluate(loaded, small.Corpus, small.Corpus).Report);
    }

    [Fact]
    public void Evaluate_LabelTheModelDoesNotKnow_SaysWhere()
    {
        var small = new SmallClassification(ModelTask.SequenceClassifier, training: ", \"seed\": 1");
        var loaded = small.Publish(_folder.Path);
        var error = Assert.Throws<CorpusException>(() => Evaluator.Evaluate(loaded, Some.Corpus("label\ttext\nugly\tx\n"), null));
        Assert.Contains("some.txt line 2: label \"ugly\" is none of the model's; expected bad or good", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Classifier_FollowsDataNetworkAndEncoder()
    {
        var corpus = Some.Corpus("x");
        TrainingIdentity Identity(string json, string? encoder = null) => TrainingIdentity.Of(Some.Recipe(json), corpus, corpus, encoder);
        string json = SmallClassification.RecipeJson(ModelTask.SequenceClassifier);
        Assert.Null(Identity(json).DifferenceFrom(Identity(json)));
        foreach (var (other, field) in ((TrainingIdentity, string)[])
            [
                (Identity(json, "abc"), "initializeFrom"),
                (Identity(json.Replace("\"text\": \"text\"", "\"text\": \"title\"", StringComparison.Ordinal)), "data.text"),
                (Identity(json.Replace("max", "mean", StringComparison.Ordinal)), "model.pooling"),
                (Identity(SmallClassification.RecipeJson(ModelTask.SequenceClassifier, training: ", \"labelSmoothing\": 0.5")), "training.labelSmoothing"),
            ])
            Assert.Contains(field, Identity(json).DifferenceFrom(other), StringComparison.Ordinal);
    }
}
