using RnnService.Engine.Kernels;
using RnnService.Models.BagsOfWords;

namespace RnnService.Models.Tests.BagsOfWords;

public sealed class BagMixtureTests
{
    [Fact]
    public void Mix_AnyShare_GivesTheWeightedMean()
    {
        var bag = SomeBag.Create();
        float[] network = [0.2f, 0.5f, 0.3f];
        foreach (double share in (double[])[0.01, 0.5, 0.99])
        {
            // Logits are probabilities' logarithms but for a constant.
            float[] logits = [.. network.Select(probability => (float)Math.Log(probability) + 7)];
            new BagMixture(bag, new BagSettings { Share = share }).Mix("a bad film", logits);
            Assert.Equal(0, SoftmaxKernel.LogSumExp(logits), 1e-5);
            double[] words = bag.Probabilities("a bad film");
            for (int k = 0; k < logits.Length; k++)
                Assert.Equal((1 - share) * network[k] + share * words[k], Math.Exp(logits[k]), 1e-5);
        }
    }
}
