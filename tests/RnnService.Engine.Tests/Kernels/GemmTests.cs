using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

[Collection(Tiers.Collection)]
public sealed class GemmTests
{
    static readonly Dictionary<string, (Product Fast, Product Reference)> s_products = new()
    {
        ["NN"] = (Gemm.NN, ReferenceKernels.GemmNN),
        ["NT"] = (Gemm.NT, ReferenceKernels.GemmNT),
        ["TN"] = ((a, b, m, n, k, accumulate, c) => Gemm.TN(a, b, m, n, k, accumulate, c), ReferenceKernels.GemmTN),
    };

    public static MatrixTheoryData<string, SimdTier> Cases => new(s_products.Keys, Enum.GetValues<SimdTier>());

    // Few rows, that threads share by columns, of which there may be fewer than threads; several blocks of rows and of K; nothing to add up.
    public static MatrixTheoryData<SimdTier, (int M, int N, int K)> SumCases =>
        new(Enum.GetValues<SimdTier>(), [(5, 700, 300), (5, 24, 1100), (397, 31, 521), (150, 64, 7), (1, 1, 1), (4, 3, 0)]);

    delegate void Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, bool accumulate, Span<float> c);

    [Theory, MemberData(nameof(Cases))]
    public void Product_EverySizeUpTo40_MatchesReferenceAndStaysInside(string name, SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        for (int i = 1; i <= 40; i++)
        {
            // Each size meets each role, beside others that are not multiples of it.
            Check(name, i, 41 - i, i * 7 % 40 + 1, accumulate: i % 2 == 0);
            Check(name, i * 11 % 41, i, 41 - i, accumulate: i % 2 == 1);
            Check(name, i * 3 % 40 + 1, i * 17 % 40 + 1, i, accumulate: i % 3 == 0);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Product_SeveralBlocks_MatchesReference(string name, SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        // K beyond one and two blocks of 256, rows beyond one block of 120, columns that fill no panel.
        Check(name, 131, 77, 521, accumulate: true);
        Check(name, 13, 261, 300, accumulate: false);
        Check(name, 1, 333, 513, accumulate: false);
        // More columns than sums are kept of between blocks of K.
        using var count = new ThreadCount(1);
        Check(name, 31, 1041, 300, accumulate: true);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Product_EmptySum_IsZeroOrWhatWasThere(string name, SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        float[] c = Some.Floats(6), before = [.. c];
        s_products[name].Fast([], [], 2, 3, 0, true, c);
        Tolerance.AssertSameBits(before, c, name);
        s_products[name].Fast([], [], 2, 3, 0, false, c);
        Assert.All(c, value => Assert.Equal(0f, value));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Product_AnyNumberOfThreads_GivesTheSameBits(string name, SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (var (m, n, k) in ((int, int, int)[])[(97, 130, 270), (5, 700, 300), (150, 31, 64)])
        {
            float[] a = Some.Floats(m * k, seed: 1), b = Some.Floats(k * n, seed: 2);
            float[]? expected = null;
            foreach (int threads in (int[])[1, 2, 3, 16])
            {
                using var count = new ThreadCount(threads);
                float[] c = Some.Floats(m * n, seed: 3);
                s_products[name].Fast(a, b, m, n, k, true, c);
                Tolerance.AssertSameBits(expected ??= c, c, $"{name} [{m},{n},{k}] on {threads} threads");
            }
        }
    }

    [Theory, MemberData(nameof(SumCases))]
    public void TN_WithSums_AddsRowsOfAAsAddRowsDoes(SimdTier tier, (int M, int N, int K) size)
    {
        using var use = SimdTiers.Use(tier);
        var (m, n, k) = size;
        float[] a = Some.Floats(k * m, seed: 1), b = Some.Floats(k * n, seed: 2), product = new float[m * n], sums = Some.Floats(m, seed: 3);
        VectorKernel.AddRows(a, sums);
        Gemm.TN(a, b, m, n, k, false, product);
        foreach (int threads in (int[])[1, 2, 3, 16])
        {
            using var count = new ThreadCount(threads);
            using GuardedBuffer withSums = new(new float[m * n]), actual = new(Some.Floats(m, seed: 3));
            Gemm.TN(a, b, m, n, k, false, withSums.Span, actual.Span);
            Tolerance.AssertSameBits(sums, actual.Span, $"sums of [{k},{m}] on {threads} threads");
            Tolerance.AssertSameBits(product, withSums.Span, $"[{m},{n},{k}] on {threads} threads");
        }
    }

    [Fact]
    public void TN_SumsOfAnotherLength_AreRefused() =>
        Assert.Equal(
            "aSums: expected 3 elements, found 2.",
            Assert.Throws<ArgumentException>(() => Gemm.TN(new float[12], new float[12], 3, 3, 4, false, new float[9], new float[2])).Message);

    [Theory, MemberData(nameof(Cases))]
    public void Product_NaNInOneRow_StaysInThatRow(string name, SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int M = 13, N = 21, K = 19, Row = 8;
        float[] a = Some.Floats(M * K), c = new float[M * N];
        a[name == "TN" ? 5 * M + Row : Row * K + 5] = float.NaN;
        s_products[name].Fast(a, Some.Floats(K * N), M, N, K, false, c);
        Assert.Equal(Enumerable.Range(Row * N, N), Enumerable.Range(0, c.Length).Where(i => float.IsNaN(c[i])));
    }

    [Fact]
    public void Product_WrongLengths_NameTheMatrix()
    {
        float[] x = new float[12];
        Assert.Equal("b: expected 16 elements, found 12.", Assert.Throws<ArgumentException>(() => Gemm.NN(x, x, 3, 4, 4, false, new float[12])).Message);
        Assert.Equal("a: expected 8 elements, found 12.", Assert.Throws<ArgumentException>(() => Gemm.NT(x, x, 2, 3, 4, false, new float[6])).Message);
        Assert.Equal("c: expected 9 elements, found 8.", Assert.Throws<ArgumentException>(() => Gemm.TN(x, x, 3, 3, 4, false, new float[8])).Message);
    }

    static void Check(string name, int m, int n, int k, bool accumulate)
    {
        float[] start = Some.Floats(m * n, seed: 3), expected = [.. start];
        using GuardedBuffer a = new(Some.Floats(m * k, seed: 1)), b = new(Some.Floats(k * n, seed: 2)), c = new(start);
        s_products[name].Fast(a.Span, b.Span, m, n, k, accumulate, c.Span);
        s_products[name].Reference(a.Span, b.Span, m, n, k, accumulate, expected);
        Tolerance.AssertClose(expected, c.Span, 2e-6 * Math.Sqrt(k), $"{name} [{m},{n},{k}] accumulate {accumulate}");
    }
}
