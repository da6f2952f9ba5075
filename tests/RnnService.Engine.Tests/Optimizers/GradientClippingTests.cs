using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Optimizers;

public sealed class GradientClippingTests
{
    readonly ParameterSet _parameters = new();

    public GradientClippingTests()
    {
        foreach (int length in (int[])[3, 5000, 17, 100_003])
            Some.Fill(_parameters.Add(new Parameter($"w{length}", new Tensor(length))).Gradient.Span, length);
    }

    [Fact]
    public void ClipGlobalNorm_AboveTheLimit_ScalesAllToIt()
    {
        float[] before = All();
        double norm = Math.Sqrt(before.Sum(value => (double)value * value));
        Assert.Equal(norm, GradientClipping.ClipGlobalNorm(_parameters, 2.5), 1e-5 * norm);
        Tolerance.AssertClose(before.Select(value => value * 2.5 / norm).ToArray(), All(), 1e-8, "clipped");
        Assert.Equal(2.5, GradientClipping.ClipGlobalNorm(_parameters, 0), 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e6)]
    public void ClipGlobalNorm_BelowTheLimitOrNoLimit_OnlyMeasures(double maxNorm)
    {
        float[] before = All();
        Assert.True(GradientClipping.ClipGlobalNorm(_parameters, maxNorm) > 10);
        Tolerance.AssertSameBits(before, All(), "gradients");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ClipGlobalNorm_GradientNotFinite_SaysSoAndLeavesTheOthers(float bad)
    {
        _parameters["w17"].Gradient.Span[16] = bad;
        float[] before = All();
        Assert.False(double.IsFinite(GradientClipping.ClipGlobalNorm(_parameters, 1)));
        Tolerance.AssertSameBits(before, All(), "gradients");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void ClipGlobalNorm_BadLimit_Throws(double maxNorm) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ClipGlobalNorm(_parameters, maxNorm));

    float[] All() => [.. _parameters.SelectMany(parameter => parameter.Gradient.Span.ToArray())];
}
