using RnnService.Models.Decoding;
using RnnService.Tests;

namespace RnnService.Models.Tests.Decoding;

public class SamplerTests
{
    static readonly float[] _logits = [0.5f, 2f, 1f, -1f, 1.9f];

    static int[] Draw(SamplingOptions options, ReadOnlySpan<float> logits, int count, params int[] excluded)
    {
        var sampler = new Sampler(options, logits.Length, excluded);
        int[] drawn = new int[count];
        for (int index = 0; index < count; index++)
            drawn[index] = sampler.Next(logits);
        return drawn;
    }

    static double[] Softmax(float[] logits, double temperature)
    {
        double[] weights = [.. logits.Select(logit => Math.Exp(logit / temperature))];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    [Fact]
    public void Next_TemperatureZero_TakesTheMostProbable() => Assert.All(Draw(new() { Temperature = 0 }, _logits, 5), id => Assert.Equal(1, id));

    [Fact]
    public void Next_MostProbableExcluded_TakesTheSecond() => Assert.Equal([4], Draw(new() { Temperature = 0 }, _logits, 1, 1));

    [Theory, InlineData(1.0), InlineData(0.5), InlineData(2.0)]
    public void Next_ManyDraws_FollowTheSoftmax(double temperature)
    {
        const int draws = 100_000;
        int[] drawn = Draw(new() { Temperature = temperature, Seed = 1 }, _logits, draws);
        double[] expected = Softmax(_logits, temperature);
        for (int id = 0; id < _logits.Length; id++)
            Assert.Equal(expected[id], drawn.Count(d => d == id) / (double)draws, 0.006);
    }

    [Fact]
    public void Next_SameSeed_SameDraws()
    {
        int[] first = Draw(new() { Seed = 42 }, _logits, 50);
        Assert.Equal(first, Draw(new() { Seed = 42 }, _logits, 50));
        Assert.NotEqual(first, Draw(new() { Seed = 43 }, _logits, 50));
    }

    [Fact]
    public void Next_TopK_DrawsExactlyTheKMostProbable() =>
        Assert.Equal([1, 2, 4], Draw(new() { TopK = 3, Temperature = 5, Seed = 1 }, _logits, 1000).Distinct().Order());

    [Fact]
    public void Next_TopKWithEqualLogits_DrawsKOfThem() =>
        Assert.Equal(3, Draw(new() { TopK = 3, Seed = 1 }, [1f, 1f, 1f, 1f, 1f, 1f], 1000).Distinct().Count());

    [Theory, InlineData(0.1, new[] { 1 }), InlineData(0.5, new[] { 1, 4 }), InlineData(0.9, new[] { 0, 1, 2, 4 })]
    public void Next_TopP_DrawsTheSmallestSetThatReachesP(double p, int[] nucleus)
    {
        // Probabilities 0.09, 0.38, 0.14, 0.02, 0.35.
        Assert.Equal(nucleus, Draw(new() { TopP = p, Seed = 1 }, _logits, 5000).Distinct().Order());
    }

    [Fact]
    public void Next_TopKOverRandomLogits_AgreesWithASort()
    {
        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            float[] logits = [.. Enumerable.Range(0, 60).Select(_ => (float)random.Next(20))];
            int k = random.Next(1, 60);
            float least = logits.OrderDescending().ElementAt(k - 1);
            Assert.All(Draw(new() { TopK = k, Temperature = 50, Seed = round }, logits, 100), id => Assert.True(logits[id] >= least));
        }
    }

    [Fact]
    public void Next_HugeTinyAndNotANumber_StillDrawsATokenThatCanBe()
    {
        float[] logits = [float.NaN, float.MaxValue, float.NegativeInfinity, -float.MaxValue, float.MaxValue];
        Assert.Equal([1, 4], Draw(new() { Seed = 1 }, logits, 200).Distinct().Order());
        Assert.Equal([1], Draw(new() { Seed = 1 }, [0f, float.PositiveInfinity], 50).Distinct());
        Assert.Equal([1], Draw(new() { Temperature = 1e-300, Seed = 1 }, _logits, 50).Distinct());
    }

    [Fact]
    public void Next_NothingPossible_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Draw(new(), [float.NaN, float.NegativeInfinity, 3f], 1, 2));

    [Theory, InlineData(-1, 0, 1), InlineData(double.NaN, 0, 1), InlineData(1, -1, 1), InlineData(1, 0, 0), InlineData(1, 0, 1.5)]
    public void Options_OutOfRange_AreRefused(double temperature, int topK, double topP) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(new() { Temperature = temperature, TopK = topK, TopP = topP }, 5));

    [Fact]
    public void Next_AfterTheFirst_AllocatesNothing()
    {
        var sampler = new Sampler(new() { TopK = 4, TopP = 0.9, Seed = 1 }, _logits.Length);
        sampler.Next(_logits);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int draw = 0; draw < 100; draw++)
                sampler.Next(_logits);
        }));
    }
}
