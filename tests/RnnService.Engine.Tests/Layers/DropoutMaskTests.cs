using RnnService.Engine.Layers;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class DropoutMaskTests
{
    const ulong Seed = 7;

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.35f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Apply_ManyUnits_DropsTheRateAndScalesTheRest(float rate)
    {
        const int Count = 200_000;
        float[] mask = MaskOf(new DropoutMask(rate, Seed), Count, Count);
        // Five standard deviations of a binomial count.
        double dropped = mask.Count(scale => scale == 0f) / (double)Count, tolerance = 5 * Math.Sqrt(rate * (1 - rate) / Count);
        Assert.InRange(dropped, rate - tolerance, rate + tolerance);
        Assert.All(mask, scale => Assert.True(scale == 0f || scale == 1f / (1f - rate), $"found {scale}"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 37)]
    [InlineData(37, 10)]
    [InlineData(40, 7)]
    public void Apply_AnyPeriod_AgreesWithScaleAt(int count, int period)
    {
        var mask = new DropoutMask(0.4f, Seed);
        float[] x = Some.Floats(count), y = new float[count];
        mask.Apply(x, period, y);
        for (int i = 0; i < count; i++)
            Assert.Equal(x[i] * mask.ScaleAt((ulong)(i % period)), y[i]);
    }

    [Fact]
    public void Apply_PeriodOfAStep_RepeatsTheMaskAtEachStep()
    {
        const int Step = 30;
        float[] mask = MaskOf(new DropoutMask(0.5f, Seed), 4 * Step, Step);
        for (int t = 1; t < 4; t++)
            Assert.Equal(mask[..Step], mask[(t * Step)..((t + 1) * Step)]);
        Assert.NotEqual(mask[..Step], MaskOf(new DropoutMask(0.5f, Seed), 4 * Step, 4 * Step)[Step..(2 * Step)]);
    }

    [Fact]
    public void Apply_SameSeed_RepeatsAndOtherSeedsAndLayersDiffer()
    {
        var mask = new DropoutMask(0.5f, Seed);
        float[] first = MaskOf(mask, 100, 100);
        Assert.Equal(first, MaskOf(mask, 100, 100));
        Assert.NotEqual(first, MaskOf(new DropoutMask(0.5f, Seed + 1), 100, 100));
        Assert.NotEqual(first, MaskOf(mask.For(0), 100, 100));
        Assert.NotEqual(MaskOf(mask.For(0), 100, 100), MaskOf(mask.For(1), 100, 100));
    }

    [Fact]
    public void Apply_NeighbouringSeeds_AreIndependent()
    {
        const int Count = 100_000;
        float[] first = MaskOf(new DropoutMask(0.5f, Seed), Count, Count), second = MaskOf(new DropoutMask(0.5f, Seed + 1), Count, Count);
        double both = first.Zip(second, (left, right) => left == 0f && right == 0f ? 1 : 0).Sum() / (double)Count;
        Assert.InRange(both, 0.25 - 0.007, 0.25 + 0.007);
    }

    [Fact]
    public void Apply_RateZero_CopiesAndInPlaceIsAllowed()
    {
        float[] x = Some.Floats(9), y = new float[9];
        DropoutMask.None.Apply(x, 9, y);
        Assert.Equal(x, y);
        var mask = new DropoutMask(0.5f, Seed);
        mask.Apply(x, 9, y);
        mask.Apply(x, 9, x);
        Assert.Equal(y, x);
    }

    static float[] MaskOf(DropoutMask mask, int count, int period)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1f);
        mask.Apply(ones, period, ones);
        return ones;
    }
}
