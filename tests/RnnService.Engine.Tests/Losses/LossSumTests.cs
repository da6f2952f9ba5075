using RnnService.Engine.Losses;

namespace RnnService.Engine.Tests.Losses;

public sealed class LossSumTests
{
    [Fact]
    public void Add_UnequalParts_WeighsByTokens()
    {
        var sum = new LossSum(3, 1) + new LossSum(5, 7);
        Assert.Equal(new LossSum(8, 8), sum);
        Assert.Equal(1, sum.Mean);
        Assert.Equal(Math.E, sum.Perplexity, 1e-15);
    }

    [Fact]
    public void Mean_NoTokens_IsNaN() => Assert.True(double.IsNaN(default(LossSum).Mean));
}
