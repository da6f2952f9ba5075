using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

[Collection(Tiers.Collection)]
public sealed class VectorKernelTests
{
    [Theory, ClassData(typeof(Tiers))]
    public void Sums_AllLengths_MatchReferenceAndStayInside(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int length in Lengths.UpTo256)
        {
            using GuardedBuffer x = new(Some.Floats(length, seed: 1)), y = new(Some.Floats(length, seed: 2));
            // A sum's error follows the sum of magnitudes, at most the length here.
            Tolerance.AssertClose(ReferenceKernels.Dot(x.Span, y.Span), VectorKernel.Dot(x.Span, y.Span), 2e-6, $"Dot of {length}");
            Tolerance.AssertClose(ReferenceKernels.SumOfSquares(x.Span), VectorKernel.SumOfSquares(x.Span), 1e-6, $"SumOfSquares of {length}");
            Assert.False(VectorKernel.AnyNonFinite(x.Span));
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Updates_AllLengths_MatchReferenceAndStayInside(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int length in Lengths.UpTo256)
        {
            float[] start = Some.Floats(length, seed: 3);
            using GuardedBuffer x = new(Some.Floats(length, seed: 4)), actual = new(start);
            float[] expected = [.. start];

            VectorKernel.MultiplyAdd(x.Span, -1.7f, actual.Span);
            ReferenceKernels.MultiplyAdd(x.Span, -1.7f, expected);
            Tolerance.AssertClose(expected, actual.Span, 2e-7, "MultiplyAdd");

            VectorKernel.Add(x.Span, actual.Span);
            ReferenceKernels.MultiplyAdd(x.Span, 1f, expected);
            Tolerance.AssertClose(expected, actual.Span, 4e-7, "Add");

            VectorKernel.Scale(x.Span, 0.3f, actual.Span);
            ReferenceKernels.Scale(x.Span, 0.3f, expected);
            Tolerance.AssertSameBits(expected, actual.Span, "Scale");

            VectorKernel.Max(x.Span, actual.Span);
            ReferenceKernels.Max(x.Span, expected);
            Tolerance.AssertSameBits(expected, actual.Span, "Max");
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void AddRows_AnyShape_AddsToTheDestination(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int rowLength in Lengths.Few)
        {
            foreach (int rowCount in (int[])[0, 1, 2, 7])
            {
                float[] start = Some.Floats(rowLength, seed: 5);
                using GuardedBuffer rows = new(Some.Floats(rowCount * rowLength, seed: 6)), actual = new(start);
                float[] expected = [.. start];
                VectorKernel.AddRows(rows.Span, actual.Span);
                ReferenceKernels.AddRows(rows.Span, expected);
                Tolerance.AssertClose(expected, actual.Span, 1e-6, $"AddRows [{rowCount},{rowLength}]");
            }
        }
    }

    [Fact]
    public void AddRows_EveryTier_GivesTheSameBits()
    {
        float[] rows = Some.Floats(701 * 67), expected = new float[67];
        using (SimdTiers.Use(SimdTier.Scalar))
            VectorKernel.AddRows(rows, expected);
        foreach (var tier in Enum.GetValues<SimdTier>())
        {
            using var use = SimdTiers.Use(tier);
            float[] actual = new float[67];
            VectorKernel.AddRows(rows, actual);
            Tolerance.AssertSameBits(expected, actual, $"AddRows on {tier}");
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void AnyNonFinite_OneBadElement_IsFoundAnywhere(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            for (int at = 0; at < 70; at++)
            {
                float[] x = Some.Floats(70, scale: float.MaxValue);
                x[at] = bad;
                Assert.True(VectorKernel.AnyNonFinite(x), $"{bad} at {at}");
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void SumOfSquares_ManyElements_KeepsItsDigits(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        float[] x = Some.Floats(1_000_003, scale: 0.1f);
        double expected = ReferenceKernels.SumOfSquares(x);
        Assert.Equal(1, VectorKernel.SumOfSquares(x) / expected, 1e-7);
    }

    [Fact]
    public void Kernels_WrongShapes_Throw()
    {
        float[] x = new float[12];
        Assert.Equal("y: expected 12 elements, found 11.", Assert.Throws<ArgumentException>(() => VectorKernel.Dot(x, new float[11])).Message);
        Assert.Throws<ArgumentException>(() => VectorKernel.MultiplyAdd(x, 1f, new float[13]));
        Assert.Throws<ArgumentException>(() => VectorKernel.Scale(x.AsSpan(1, 5), 1f, x.AsSpan(0, 5)));
        Assert.Equal("rows: expected whole rows of 5 elements, found 12 elements.", Assert.Throws<ArgumentException>(() => VectorKernel.AddRows(x, new float[5])).Message);
        Assert.Throws<ArgumentException>(() => VectorKernel.AddRows(x, x.AsSpan(0, 4)));
    }
}
