using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

[Collection(Tiers.Collection)]
public sealed class SoftmaxKernelTests
{
    [Theory, ClassData(typeof(Tiers))]
    public void Kernels_AllLengths_MatchReferenceAndStayInside(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int length in Lengths.UpTo256.Skip(1))
        {
            float[] logits = Some.Floats(length, seed: length, scale: 12f);
            int target = length * 7 / 11;
            using GuardedBuffer row = new(logits), gradient = new(logits);
            float[] expected = [.. logits], expectedGradient = [.. logits];

            Tolerance.AssertClose(ReferenceKernels.LogSumExp(logits), SoftmaxKernel.LogSumExp(row.Span), 1e-6, "LogSumExp");
            Tolerance.AssertClose(
                ReferenceKernels.LogSumExp(logits) - logits[target], SoftmaxKernel.CrossEntropy(row.Span, target), 1e-6, "CrossEntropy");

            SoftmaxKernel.Softmax(row.Span);
            ReferenceKernels.Softmax(expected);
            Tolerance.AssertClose(expected, row.Span, 1e-6, "Softmax");

            float loss = SoftmaxKernel.SoftmaxCrossEntropy(target, 0.25f, gradient.Span);
            Tolerance.AssertClose(ReferenceKernels.SoftmaxCrossEntropy(target, 0.25f, expectedGradient), loss, 1e-6, "loss");
            Tolerance.AssertClose(expectedGradient, gradient.Span, 1e-6, "gradient");

            float[] expectedSmoothed = [.. logits];
            using GuardedBuffer smoothed = new(logits);
            loss = SoftmaxKernel.SoftmaxCrossEntropy(target, 0.25f, smoothed.Span, smoothing: 0.2f);
            Tolerance.AssertClose(ReferenceKernels.SoftmaxCrossEntropy(target, 0.25f, expectedSmoothed, smoothing: 0.2f), loss, 1e-6, "smoothed loss");
            Tolerance.AssertClose(expectedSmoothed, smoothed.Span, 1e-6, "gradient of the smoothed loss");
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Softmax_VocabularyRow_HasSmallRelativeErrorsAndSumsToOne(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        float[] row = Some.Floats(33_278, scale: 15f), expected = [.. row];
        SoftmaxKernel.Softmax(row);
        ReferenceKernels.Softmax(expected);
        for (int i = 0; i < row.Length; i++)
            Assert.Equal(1, row[i] / (double)expected[i], 3e-6);
        Assert.Equal(1, row.Sum(value => (double)value), 1e-6);
    }

    [Theory, ClassData(typeof(Tiers))]
    public void SoftmaxCrossEntropy_AnyRow_HasTheGradientOfItsLoss(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const float Difference = 0.01f;
        float[] logits = Some.Floats(19, scale: 3f), gradient = [.. logits];
        SoftmaxKernel.SoftmaxCrossEntropy(4, 1f, gradient);
        for (int i = 0; i < logits.Length; i++)
        {
            float[] up = [.. logits], down = [.. logits];
            up[i] += Difference;
            down[i] -= Difference;
            double slope = (SoftmaxKernel.CrossEntropy(up, 4) - (double)SoftmaxKernel.CrossEntropy(down, 4)) / (up[i] - down[i]);
            Assert.Equal(slope, gradient[i], 1e-4);
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Kernels_ExtremeLogits_StayFinite(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        float[] row = [.. Enumerable.Repeat(-1e30f, 40)];
        row[33] = 1e30f;
        Assert.Equal(1e30f, SoftmaxKernel.LogSumExp(row));
        Assert.Equal(2e30f, SoftmaxKernel.CrossEntropy(row, 0));
        Assert.Equal(0f, SoftmaxKernel.SoftmaxCrossEntropy(33, 1f, row));
        Assert.All(row, value => Assert.Equal(0f, value));
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Softmax_MaskedLogits_HaveProbabilityZero(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        float[] row = [.. Enumerable.Repeat(float.NegativeInfinity, 35)];
        row[2] = row[34] = -3f;
        Assert.Equal(-3f + MathF.Log(2f), SoftmaxKernel.LogSumExp(row), 1e-6f);
        SoftmaxKernel.Softmax(row);
        Assert.Equal([2, 34], Enumerable.Range(0, row.Length).Where(i => row[i] == 0.5f));
        Assert.Equal(33, row.Count(value => value == 0f));
    }

    [Theory, ClassData(typeof(Tiers))]
    public void LogSumExp_NothingToSum_IsNegativeInfinity(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        Assert.Equal(float.NegativeInfinity, SoftmaxKernel.LogSumExp([]));
        Assert.Equal(float.NegativeInfinity, SoftmaxKernel.LogSumExp([.. Enumerable.Repeat(float.NegativeInfinity, 20)]));
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Kernels_NaNAnywhere_GiveNaN(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        for (int at = 0; at < 40; at++)
        {
            float[] row = Some.Floats(40);
            row[at] = float.NaN;
            Assert.True(float.IsNaN(SoftmaxKernel.LogSumExp(row)), $"NaN at {at}");
            Assert.True(float.IsNaN(SoftmaxKernel.SoftmaxCrossEntropy(3, 1f, row)), $"NaN at {at}");
        }
    }

    [Fact]
    public void SoftmaxCrossEntropy_UncountedTarget_GivesNoLossAndNoGradient()
    {
        float[] row = Some.Floats(10);
        Assert.Equal(0f, SoftmaxKernel.CrossEntropy(row, -1));
        Assert.Equal(0f, SoftmaxKernel.SoftmaxCrossEntropy(-1, 1f, row));
        Assert.All(row, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void SoftmaxCrossEntropy_TargetOutsideTheRow_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => SoftmaxKernel.SoftmaxCrossEntropy(10, 1f, new float[10]));
        Assert.StartsWith("A target is below 10, the number of classes; found 10.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SoftmaxKernel.CrossEntropy(new float[10], 11));
    }
}
