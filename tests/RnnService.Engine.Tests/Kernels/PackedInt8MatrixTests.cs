using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

[Collection(Tiers.Collection)]
public sealed class PackedInt8MatrixTests
{
    static readonly (int K, int N, int Groups)[] s_shapes =
        [(1, 1, 1), (3, 7, 1), (40, 33, 1), (17, 68, 4), (67, 4 * 67, 4), (300, 130, 1), (257, 4 * 130, 4), (5, 12, 12), (16, 128, 1)];

    [Theory, ClassData(typeof(Tiers))]
    public void Multiply_AnyShapeOnAnyTier_HasTheBitsOfTheReference(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (var (k, n, groups) in s_shapes)
        {
            float[] b = Some.Floats(n * k, 2);
            var packed = Packed(b, k, n, groups);
            foreach (int m in new[] { 1, 2, 3, 7, 16, 100 })
            {
                using GuardedBuffer a = new(Some.Floats(m * k, 1)), c = new(Some.Floats(m * n, 4));
                float[] bias = Some.Floats(n, 3), expected = new float[m * n];
                string what = $"{m} rows times [{k},{n}] in {groups} groups";
                ReferenceInt8.GemmNT(a.Span, b, m, n, k, c.Span, expected);
                packed.Multiply(a.Span, m, accumulate: true, c.Span);
                Tolerance.AssertSameBits(expected, c.Span, $"{what}, added");

                ReferenceInt8.GemmNT(a.Span, b, m, n, k, Repeated(bias, m), expected);
                packed.MultiplyWithBias(a.Span, m, bias, c.Span);
                Tolerance.AssertSameBits(expected, c.Span, $"{what}, with bias");

                ReferenceInt8.GemmNT(a.Span, b, m, n, k, new float[m * n], expected);
                packed.Multiply(a.Span, m, accumulate: false, c.Span);
                Tolerance.AssertClose(expected, c.Span, 0, what);
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Multiply_LargestValuesOfEverySign_IsExact(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int K = 1024;
        foreach (float sign in (float[])[1f, -1f])
        {
            float[] a = new float[2 * K], b = new float[20 * K], c = new float[2 * 20];
            a.AsSpan(0, K).Fill(63f);
            a.AsSpan(K).Fill(-63f);
            b.AsSpan().Fill(127f * sign);
            Packed(b, K, 20, groups: 1).Multiply(a, 2, accumulate: false, c);
            Assert.All(c[..20], value => Assert.Equal(63f * 127f * K * sign, value));
            Assert.All(c[20..], value => Assert.Equal(-63f * 127f * K * sign, value));
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Multiply_ComparedWithFloats_IsWithinTheRoundingOfBothSides(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int K = 512, N = 40;
        float[] a = Some.Floats(K, 1), b = Some.Floats(N * K, 2), exact = new float[N], c = new float[N];
        ReferenceKernels.GemmNT(a, b, 1, N, K, accumulate: false, exact);
        Packed(b, K, N, groups: 1).Multiply(a, 1, accumulate: false, c);
        // Rounding errors are uniform in half a step: 0.0023 for steps of 1/127, 0.0046 for 1/63; with factors of 0.58, over 512 products 0.067.
        Tolerance.AssertClose(exact, c, 5 * 0.067, "products");
        Assert.NotEqual(exact, c);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void PackAndMultiply_AnyThreadCount_GiveTheSameBits(int threads)
    {
        const int K = 257, N = 4 * 300;
        float[] b = Some.Floats(N * K, 2), bias = Some.Floats(N, 3);
        foreach (int m in new[] { 1, 5, 150 })
        {
            float[] a = Some.Floats(m * K, 1);
            Tolerance.AssertSameBits(Run(1), Run(threads), $"{m} rows");

            float[] Run(int count)
            {
                using var use = new ThreadCount(count);
                float[] c = new float[m * N];
                Packed(b, K, N, groups: 4).MultiplyWithBias(a, m, bias, c);
                return c;
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Pack_FromEitherOrder_GivesTheSameWeights(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int K = 21, N = 45;
        float[] b = Some.Floats(N * K, 2), transposed = new float[N * K], a = Some.Floats(K, 1), expected = new float[N], c = new float[N];
        for (int i = 0; i < b.Length; i++)
            transposed[i % K * N + i / K] = b[i];
        var packed = new PackedInt8Matrix(K, N);
        packed.Pack(transposed);
        packed.Multiply(a, 1, accumulate: false, c);
        Packed(b, K, N, groups: 1).Multiply(a, 1, accumulate: false, expected);
        Tolerance.AssertSameBits(expected, c, "product");
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Multiply_ValueThatIsNotFinite_ShowsInItsRowAndColumnOnly(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int K = 19, N = 37, M = 5, Row = 3, Column = 20;
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            float[] a = Some.Floats(M * K, 1), b = Some.Floats(N * K, 2), c = new float[M * N];
            a[Row * K + 18] = bad;
            b[Column * K + 2] = bad;
            Packed(b, K, N, groups: 1).Multiply(a, M, accumulate: false, c);
            for (int i = 0; i < c.Length; i++)
                Assert.Equal(i / N == Row || i % N == Column, float.IsNaN(c[i]));
        }
    }

    [Fact]
    public void Resize_SmallerThenLarger_KeepsNothingOld()
    {
        var packed = Packed(Some.Floats(1600, 1), 40, 40, groups: 1);
        packed.Resize(3, 5);
        float[] a = [1f, 2f, 3f], b = Some.Floats(15, 2), c = new float[5], expected = new float[5];
        packed.PackTransposed(b);
        packed.MultiplyWithBias(a, 1, new float[5], c);
        ReferenceInt8.GemmNT(a, b, 1, 5, 3, new float[5], expected);
        Tolerance.AssertSameBits(expected, c, "product");
    }

    [Fact]
    public void Bytes_OfInt8_AreAQuarterAndTheScales()
    {
        var weights = PackedWeights.Create(WeightType.Int8);
        var floats = PackedWeights.Create(WeightType.Float32);
        weights.Resize(512, 1024);
        floats.Resize(512, 1024);
        Assert.Equal(512 * 1024 * 4, floats.Bytes);
        Assert.Equal(512 * 1024 + 1024 * 8, weights.Bytes);
    }

    static PackedInt8Matrix Packed(float[] b, int k, int n, int groups)
    {
        var packed = new PackedInt8Matrix(k, n, groups);
        packed.PackTransposed(b);
        return packed;
    }

    static float[] Repeated(float[] row, int rows) => [.. Enumerable.Range(0, rows).SelectMany(_ => row)];
}
