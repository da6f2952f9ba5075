using RnnService.Models.Ngrams;

namespace RnnService.Models.Tests.Ngrams;

public sealed class NgramMixtureTests
{
    const int V = 8, Cat = 4, Dog = 5, Sleeps = 6;

    [Fact]
    public void Mix_SmallText_IsTheFormula()
    {
        // "cat sleeps", "cat sleeps", "dog": 8 tokens with the borders after them.
        var mixture = Mixture([3, Cat, Sleeps, 3, Cat, Sleeps, 3, Dog, 3], new NgramSettings { Order = 2, Discount = 0.5, Share = 0.25 });
        float[] probabilities = [0, 0, 0, 0, 0, 0, 0.5f, 0.5f];
        mixture.Mix([3, Cat], probabilities);

        double uniform = 4 * 0.5 / 8 / V, sleepsAlone = (2 - 0.5) / 8 + uniform, sleepsAfterCat = (2 - 0.5) / 2 + 0.5 / 2 * sleepsAlone;
        Assert.Equal(0.75 * 0.5 + 0.25 * sleepsAfterCat, probabilities[Sleeps], 1e-6);
        Assert.Equal(0.75 * 0.5 + 0.25 * 0.25 * uniform, probabilities[7], 1e-6);
        Assert.Equal(0.25 * 0.25 * ((1 - 0.5) / 8 + uniform), probabilities[Dog], 1e-6);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(50)]
    public void Mix_AnyContext_SumsToOne(int minCount)
    {
        int[] text = SomeNgrams.RandomText(seed: 2, lines: 200, vocabularySize: V);
        var mixture = Mixture(text, new NgramSettings { Order = 4, MinCount = minCount });
        int[][] contexts = [[], [3], [3, 4], [4, 5, 6], [7, 7, 7, 7], text[..40]];
        foreach (int[] context in contexts)
        {
            float[] probabilities = [.. Enumerable.Repeat(1f / V, V)];
            mixture.Mix(context, probabilities);
            Assert.Equal(1, probabilities.Sum(), 1e-5);
            Assert.All(probabilities, probability => Assert.InRange(probability, 0.65f / V, 1));
        }
    }

    [Fact]
    public void Mix_LongContext_LooksAtTheLastTokensOnly()
    {
        var mixture = Mixture(SomeNgrams.RandomText(seed: 3, lines: 50, vocabularySize: V), new NgramSettings { Order = 3 });
        float[] longer = new float[V], shorter = new float[V];
        mixture.Mix([3, 6, 7, 4, 5], longer);
        mixture.Mix([4, 5], shorter);
        Assert.Equal(shorter, longer);
    }

    static NgramMixture Mixture(int[] text, NgramSettings settings) => new(SomeNgrams.Count(text, V, settings), settings);
}
