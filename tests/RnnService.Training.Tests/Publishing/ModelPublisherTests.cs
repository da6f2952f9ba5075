using RnnService.Models.Packages;
using RnnService.Training.Evaluation;
using RnnService.Training.Publishing;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Publishing;

public sealed class ModelPublisherTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Publish_AFigureThatOverflowed_IsOnTheCardAndNotInTheManifest()
    {
        var small = new SmallTraining("");
        var request = new TrainingRequest
        {
            Recipe = small.Recipe,
            Data = [],
            Validation = [],
            Repository = _folder.Path,
            Name = "bad",
            WorkFolder = "",
            Command = "rnn train",
        };
        var corpus = Some.Corpus("a");
        var published = new ModelPublisher(request, TimeProvider.System).Publish(small.Task, corpus, corpus, new Overflowed(), small.Trainer.Position);
        var manifest = ModelManifest.Read(Path.Combine(published.Folder, ModelFiles.Manifest));
        Assert.Equal("loss", Assert.Single(manifest.Metrics!).Key);
        Assert.Contains("| perplexity per token | Infinity |", File.ReadAllText(Path.Combine(published.Folder, ModelFiles.Card)), StringComparison.Ordinal);
    }

    sealed record Overflowed : EvaluationResult
    {
        public override IReadOnlyList<Figure> Figures =>
            [new("loss", 710, "nats per token", "0.00"), new("perplexity", Math.Exp(710), "perplexity per token", "0.00")];

        public override string Report => "";
    }
}
