using RnnService.Engine.Layers;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class DropoutMaskTests
{
    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Apply_ManyUnits_DropsTheRateAndScalesTheRest(float rate)
    {
        const int Count = 100_000;
        float[] kept = Applied(new DropoutMask(rate, Seed: 7), Count, Count);
        int dropped = kept.Count(value => value == 0);
        // Five standard deviations of the binomial distribution.
        Assert.InRange(dropped, Count * rate - 5 * Math.Sqrt(Count * rate * (1 - rate)), Count * rate + 5 * Math.Sqrt(Count * rate * (1 - rate)));
        Assert.All(kept.Where(value => value != 0), value => Assert.Equal(1 / (1 - rate), value, 1e-6f));
    }

    [Fact]
    public void Apply_LockedKind_RepeatsTheMaskAtEveryStep()
    {
        const int Period = 37;
        float[] steps = Applied(new DropoutMask(0.5f, Seed: 7), 4 * Period, Period);
        for (int i = Period; i < steps.Length; i++)
            Assert.Equal(steps[i - Period], steps[i]);
        float[] own = Applied(new DropoutMask(0.5f, Seed: 7), 4 * Period, 4 * Period);
        Assert.NotEqual(own[..Period], own[Period..(2 * Period)]);
    }

    [Fact]
    public void Apply_Backward_UsesTheMaskOfTheForwardPass()
    {
        var mask = new DropoutMask(0.3f, Seed: 9);
        float[] x = Some.Floats(101), dy = Some.Floats(101, seed: 2), y = new float[101], dx = new float[101];
        mask.Apply(x, 101, y);
        mask.Apply(dy, 101, dx);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(x[i] * mask.ScaleAt((ulong)i), y[i]);
            Assert.Equal(dy[i] * mask.ScaleAt((ulong)i), dx[i]);
        }
    }

    [Fact]
    public void Apply_InPlace_GivesTheSameBits()
    {
        float[] x = Some.Floats(50), y = new float[50];
        new DropoutMask(0.4f, 3).Apply(x, 20, y);
        new DropoutMask(0.4f, 3).Apply(x, 20, x);
        Tolerance.AssertSameBits(y, x, "dropout");
    }

    [Fact]
    public void For_OtherLayersAndSeeds_GiveUnrelatedMasks()
    {
        const int Count = 40_000;
        var mask = new DropoutMask(0.5f, Seed: 1);
        float[][] masks = [Applied(mask, Count, Count), Applied(mask.For(0), Count, Count), Applied(mask.For(1), Count, Count), Applied(mask with { Seed = 2 }, Count, Count)];
        for (int first = 0; first < masks.Length; first++)
        {
            for (int second = 0; second < first; second++)
            {
                // Independent fair coins agree half of the time; 500 is five standard deviations.
                int agreeing = masks[first].Zip(masks[second]).Count(pair => pair.First == pair.Second);
                Assert.InRange(agreeing, Count / 2 - 500, Count / 2 + 500);
            }
        }
    }

    [Fact]
    public void Apply_RateZero_Copies()
    {
        float[] x = Some.Floats(9), y = new float[9];
        DropoutMask.None.Apply(x, 9, y);
        Tolerance.AssertSameBits(x, y, "no dropout");
        Assert.Equal(1f, DropoutMask.None.ScaleAt(5));
    }

    static float[] Applied(DropoutMask mask, int count, int period)
    {
        float[] ones = [.. Enumerable.Repeat(1f, count)];
        mask.Apply(ones, period, ones);
        return ones;
    }
}
