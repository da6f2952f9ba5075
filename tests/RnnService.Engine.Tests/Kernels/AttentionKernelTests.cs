using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

[Collection(Tiers.Collection)]
public sealed class AttentionKernelTests
{
    [Theory, ClassData(typeof(Tiers))]
    public void AdditiveScores_AnySizes_MatchReferenceAndStayInside(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int size in (int[])[1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100])
        {
            foreach (int steps in (int[])[0, 1, 2, 5])
            {
                using GuardedBuffer keys = new(Some.Floats(steps * size, seed: 1, scale: 3f)), query = new(Some.Floats(size, seed: 2)), v = new(Some.Floats(size, seed: 3));
                using GuardedBuffer scores = new(new float[steps]);
                float[] expected = new float[steps];
                AttentionKernel.AdditiveScores(keys.Span, query.Span, v.Span, scores.Span);
                ReferenceKernels.AdditiveScores(keys.Span, query.Span, v.Span, expected);
                Tolerance.AssertClose(expected, scores.Span, 2e-6 * size, $"scores of {steps} keys of {size}");
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void AdditiveScoresBackward_AnySizes_AddsWhatTheReferenceAdds(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int size in (int[])[1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100])
        {
            foreach (int steps in (int[])[0, 1, 2, 5])
            {
                using GuardedBuffer keys = new(Some.Floats(steps * size, seed: 1, scale: 3f)), query = new(Some.Floats(size, seed: 2)), v = new(Some.Floats(size, seed: 3));
                using GuardedBuffer dScores = new(Some.Floats(steps, seed: 4));
                float[] dKeysBefore = Some.Floats(steps * size, seed: 5), dQueryBefore = Some.Floats(size, seed: 6), dVBefore = Some.Floats(size, seed: 7);
                using GuardedBuffer dKeys = new(dKeysBefore), dQuery = new(dQueryBefore), dV = new(dVBefore);
                AttentionKernel.AdditiveScoresBackward(keys.Span, query.Span, v.Span, dScores.Span, dKeys.Span, dQuery.Span, dV.Span);
                ReferenceKernels.AdditiveScoresBackward(keys.Span, query.Span, v.Span, dScores.Span, dKeysBefore, dQueryBefore, dVBefore);
                Tolerance.AssertClose(dKeysBefore, dKeys.Span, 1e-6, $"gradient of {steps} keys of {size}");
                Tolerance.AssertClose(dQueryBefore, dQuery.Span, 2e-6, $"gradient of a query of {size}");
                Tolerance.AssertClose(dVBefore, dV.Span, 2e-6, $"gradient of v of {size}");
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void TanhBackward_AllLengths_MatchesReferenceAndStaysInside(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int length in Lengths.UpTo256)
        {
            float[] expected = Some.Floats(length, seed: 8);
            using GuardedBuffer y = new(Some.Floats(length, seed: 9)), gradient = new(expected);
            ActivationKernel.TanhBackward(y.Span, gradient.Span);
            ReferenceKernels.TanhBackward(y.Span, expected);
            Tolerance.AssertClose(expected, gradient.Span, 2e-7, $"TanhBackward of {length}");
        }
    }

    [Fact]
    public void AdditiveScores_OtherLengths_SayWhatIsExpected()
    {
        Assert.Contains("keys: expected 6", Assert.Throws<ArgumentException>(() => AttentionKernel.AdditiveScores(new float[5], new float[3], new float[3], new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("v: expected 3", Assert.Throws<ArgumentException>(() => AttentionKernel.AdditiveScores(new float[6], new float[3], new float[2], new float[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Swap_AllLengths_Exchanges()
    {
        foreach (int length in (int[])[0, 1, 255, 256, 257, 1000])
        {
            float[] x = Some.Floats(length, seed: 1), y = Some.Floats(length, seed: 2);
            float[] xBefore = [.. x], yBefore = [.. y];
            VectorKernel.Swap(x, y);
            Assert.Equal(yBefore, x);
            Assert.Equal(xBefore, y);
        }
    }
}
