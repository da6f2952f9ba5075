using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Models.Classification;

namespace RnnService.Models.Tests.Classification;

/// <summary>Every gradient of whole classifiers against differences of their training loss, on rows of different lengths.</summary>
public sealed class ClassifierGradientTests
{
    const ulong DropoutSeed = 11;

    [Theory]
    [InlineData(PoolingKind.Last, false, false, 0)]
    [InlineData(PoolingKind.Mean, true, false, 0)]
    [InlineData(PoolingKind.Mean, true, false, 0.3)]
    [InlineData(PoolingKind.Attention, true, false, 0.3)]
    [InlineData(null, true, false, 0.3)]
    [InlineData(null, true, true, 0)]
    public void Train_EveryWeight_HasTheSlopeOfTheBatchesLoss(PoolingKind? pooling, bool bidirectional, bool characters, double dropout)
    {
        var model = SmallClassifier.Create(pooling, bidirectional, characters, dropout);
        var pass = new ClassifierPass(model, SmallClassifier.MostSteps, batchSize: 5);
        var examples = SmallClassifier.Examples(model);
        var loss = new ClassificationLoss(SmallClassifier.LabelCount, labelSmoothing: 0.1, [0.5f, 1, 2]);
        double Loss() => pass.Train(examples, loss, DropoutSeed).Mean;

        Loss();
        float[][] gradients = [.. model.Parameters.Select(parameter => parameter.Gradient.Span.ToArray())];
        foreach (var (parameter, gradient) in model.Parameters.Zip(gradients))
            Slopes.AssertMatch(parameter, gradient, Loss);
    }

    [Fact]
    public void Train_FrozenBelowTheOutput_OnlyTheOutputHasGradients()
    {
        var model = SmallClassifier.Create(PoolingKind.Max);
        foreach (var parameter in model.Parameters)
            parameter.IsFrozen = !parameter.Name.StartsWith("output.", StringComparison.Ordinal);
        var pass = new ClassifierPass(model, SmallClassifier.MostSteps, batchSize: 4);
        pass.Train(SmallClassifier.Examples(model), new ClassificationLoss(SmallClassifier.LabelCount), DropoutSeed);
        foreach (var parameter in model.Parameters)
            Assert.Equal(parameter.IsFrozen, parameter.Gradient.Span.ToArray().All(value => value == 0));
    }
}
