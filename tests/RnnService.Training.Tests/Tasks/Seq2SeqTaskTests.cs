using RnnService.Models.Packages;
using RnnService.Training.Checkpoints;
using RnnService.Training.Evaluation;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Tasks;

public sealed class Seq2SeqTaskTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Settings => new()
    {
        { SmallTranslation.Network, "" },
        { """ "cell": "lstm", "layers": 1, "hiddenSize": 32, "embeddingSize": 32, "context": "dot", "tieEmbeddings": true, "shareEmbeddings": true """, """, "averaging": { "startEpoch": 20, "decay": 0.8 } """ },
    };

    [Theory, MemberData(nameof(Settings))]
    public void Run_Pairs_LearnsThemByHeartAndIsMeasuredTheSameWhenLoaded(string model, string training)
    {
        var small = new SmallTranslation(model, training);
        Assert.True(small.Run());
        var result = Assert.IsType<Seq2SeqResult>(small.Task.Evaluate());
        Assert.Equal(100, result.Translations!.Score.Bleu, 6);
        Assert.InRange(result.Loss, 0, 0.1);

        var loaded = Assert.IsType<Seq2SeqPackage>(small.Publish(_folder.Path));
        Assert.Equal(["en", "de"], loaded.Manifest.Languages);
        var again = Assert.IsType<Seq2SeqResult>(Evaluator.Evaluate(loaded, small.Corpus, training: null));
        Assert.Equal(result.Loss, again.Loss, 1e-5);
        Assert.Equal(result.Details, again.Details);
        Assert.Equal(
            ["loss", "perplexity", "tokens", "leftOut", "bleu", "chrF", "sentences", "milliseconds"], again.Metrics.Select(metric => metric.Key));
    }

    [Theory, MemberData(nameof(Settings))]
    public void Resume_AtAnyStep_GivesTheSameBitsAsRunningThrough(string model, string training)
    {
        string dropping = $"{model}, \"dropout\": 0.2, \"dropoutKind\": \"locked\"";
        SmallTranslation Small() => new(dropping, $"{training.Replace("20", "2", StringComparison.Ordinal)}, \"labelSmoothing\": 0.1", epochs: 4);
        var through = Small();
        through.Run();
        var identity = TrainingIdentity.Of(through.Recipe, through.Corpus, through.Corpus);
        foreach (int step in (int[])[1, through.Task.Size.StepsPerEpoch, 3 * through.Task.Size.StepsPerEpoch - 1])
        {
            var stopped = Small();
            Assert.False(stopped.Run(step));
            var checkpoint = new TrainingCheckpoint(Path.Combine(_folder.Path, $"{step}"));
            checkpoint.Save(identity, stopped.Trainer.Position, stopped.Trainer.State);
            var resumed = Small();
            resumed.Trainer.Resume(checkpoint.Load(identity, resumed.Trainer.State));
            Assert.True(resumed.Run());
            Assert.Equal(through.Weights, resumed.Weights);
        }
    }

    [Fact]
    public void Size_TokensOfTargets_AreCountedWithTheirEndsAndLongPairsLeftOut()
    {
        var whole = new SmallTranslation(epochs: 1).Task.Size;
        var cut = new SmallTranslation($"{SmallTranslation.Network}, \"maxLength\": 4", epochs: 1).Task.Size;
        Assert.Equal((0, 2, 25), (whole.LeftOut, whole.StepsPerEpoch, whole.TrainingTokens));
        Assert.Equal((2, 18), (cut.LeftOut, cut.TrainingTokens));   // one of either file
        Assert.Equal(cut.TrainingTokens, cut.ValidationTokens);
    }
}
