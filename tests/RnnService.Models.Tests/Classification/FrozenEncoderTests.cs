using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Models.Classification;
using RnnService.Models.LanguageModels;
using RnnService.Models.Tests.LanguageModels;
using RnnService.Tests;

namespace RnnService.Models.Tests.Classification;

[Collection(ThreadCount.Collection)]
public sealed class FrozenEncoderTests
{
    // Weights that 16 bits hold are kept in 16 where they are packed once; a training packs them in every step.
    [Fact]
    public void Train_FrozenWeightsThat16BitsHold_AreNotNarrowedInEveryStep()
    {
        using var one = new ThreadCount(1);
        var model = new ClassifierModel(
            new ModelSettings { Layers = 1, HiddenSize = 256, EmbeddingSize = 3 }, new ClassifierSettings { Pooling = PoolingKind.Last, MaxLength = 5 },
            SmallClassifier.VocabularySize, SmallClassifier.LabelCount);
        model.Initialize(seed: 4);
        foreach (var parameter in model.Parameters)
        {
            foreach (ref float weight in parameter.Value.Span)
                weight = (float)(Half)weight;
            parameter.IsFrozen = !parameter.Name.StartsWith("output.", StringComparison.Ordinal);
        }
        var examples = SmallClassifier.Examples(model);
        var pass = new ClassifierPass(model, SmallClassifier.MostSteps, examples.Length);
        var loss = new ClassificationLoss(SmallClassifier.LabelCount);
        pass.Train(examples, loss, dropoutSeed: 1);
        Assert.InRange(Allocations.Least(() => pass.Train(examples, loss, dropoutSeed: 2)), 0, 8_000);
    }
}
