using RnnService.Training.Tasks;

namespace RnnService.Training.Tests.Tasks;

public sealed class ClassWeightsTests
{
    [Fact]
    public void Balanced_RareClass_WeighsMore() => Assert.Equal([2f / 3, 2], ClassWeights.Balanced([3, 1]));

    [Fact]
    public void Balanced_MoreLabelsThanAnIntCounts_AreCountedAll() =>
        Assert.Equal([1, 1, 1], ClassWeights.Balanced([1_000_000_000, 1_000_000_000, 1_000_000_000]));
}
