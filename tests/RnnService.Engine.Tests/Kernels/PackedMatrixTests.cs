using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

[Collection(Tiers.Collection)]
public sealed class PackedMatrixTests
{
    static readonly (int Rows, int Columns, int Groups)[] s_shapes =
        [(1, 1, 1), (3, 7, 1), (40, 33, 1), (17, 68, 4), (67, 4 * 67, 4), (300, 130, 1), (257, 4 * 130, 4), (5, 12, 12)];

    [Theory, ClassData(typeof(Tiers))]
    public void Multiply_AnyShape_EqualsTheReference(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (var (k, n, groups) in s_shapes)
        {
            float[] b = Some.Floats(k * n, 2), bTransposed = new float[k * n];
            for (int i = 0; i < b.Length; i++)
                bTransposed[i % n * k + i / n] = b[i];
            PackedMatrix packed = new(k, n, groups), fromTransposed = new(k, n, groups);
            packed.Pack(b);
            fromTransposed.PackTransposed(bTransposed);
            foreach (int m in new[] { 1, 7, 25, 125 })
            {
                float[] a = Some.Floats(m * k, 1), bias = Some.Floats(n, 3), c = Some.Floats(m * n, 4), expected = Some.Floats(m * n, 4);
                string what = $"{m} rows times [{k},{n}] in {groups} groups";
                ReferenceKernels.GemmNN(a, b, m, n, k, accumulate: true, expected);
                packed.Multiply(a, m, accumulate: true, c);
                Tolerance.AssertClose(expected, c, 1e-5, $"{what}, added");
                packed.Multiply(a, m, accumulate: false, expected);
                fromTransposed.Multiply(a, m, accumulate: false, c);
                Tolerance.AssertSameBits(expected, c, $"{what}, packed from its transpose");

                for (int i = 0; i < expected.Length; i++)
                    expected[i] = bias[i % n];
                ReferenceKernels.GemmNN(a, b, m, n, k, accumulate: true, expected);
                packed.MultiplyWithBias(a, m, bias, c);
                Tolerance.AssertClose(expected, c, 1e-5, $"{what}, with bias");
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void MultiplyWithBias_ARowOfMany_HasTheSameBitsAlone(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (var (k, n, groups) in s_shapes)
        {
            var packed = new PackedMatrix(k, n, groups);
            packed.Pack(Some.Floats(k * n, 2));
            float[] bias = Some.Floats(n, 3), a = Some.Floats(130 * k, 1), alone = new float[n];
            foreach (int m in new[] { 2, 6, 16, 25, 130 })
            {
                float[] c = new float[m * n];
                packed.MultiplyWithBias(a.AsSpan(0, m * k), m, bias, c);
                for (int row = 0; row < m; row += 5)
                {
                    packed.MultiplyWithBias(a.AsSpan(row * k, k), 1, bias, alone);
                    Tolerance.AssertSameBits(alone, c.AsSpan(row * n, n), $"row {row} of {m}, [{k},{n}] in {groups} groups");
                }
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void PackAndMultiply_AnyThreadCount_GiveTheSameBits(int threads)
    {
        const int K = 257, N = 4 * 130;
        float[] b = Some.Floats(K * N, 2), bias = Some.Floats(N, 3);
        foreach (int m in new[] { 1, 5, 150, 400 })
        {
            float[] a = Some.Floats(m * K, 1);
            Tolerance.AssertSameBits(Run(1), Run(threads), $"{m} rows");

            float[] Run(int count)
            {
                using var use = new ThreadCount(count);
                var packed = new PackedMatrix(K, N, 4);
                packed.PackTransposed(b);
                float[] c = new float[m * N];
                packed.MultiplyWithBias(a, m, bias, c);
                return c;
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Multiply_WeightsThat16BitsHold_AreNarrowAndHaveTheSameBits(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (var (k, n, groups) in ((int, int, int)[])[(520, 4 * 130, 4), (70, 4000, 1), (2051, 128, 1)])
        {
            float[] b = Some.Halves(k * n, 2), bias = Some.Floats(n, 3);
            PackedMatrix wide = new(k, n, groups), narrow = new(k, n, groups, mayNarrow: true);
            wide.PackTransposed(b);
            narrow.PackTransposed(b);
            Assert.False(wide.IsNarrow);
            Assert.True(narrow.IsNarrow);
            Assert.Equal(wide.Bytes, 2 * narrow.Bytes);
            foreach (int m in new[] { 1, 2, 3, 4, 5, 6, 7, 24, 25, 125 })
            {
                float[] a = Some.Floats(m * k, 1), expected = new float[m * n], c = new float[m * n];
                wide.MultiplyWithBias(a, m, bias, expected);
                narrow.MultiplyWithBias(a, m, bias, c);
                Tolerance.AssertSameBits(expected, c, $"{m} rows times [{k},{n}] in {groups} groups");
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Multiply_FactorsOfEverySize_HaveTheSameBitsNarrow(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int K = 1040, N = 256;
        float[] b = Some.Halves(K * N, 2);
        PackedMatrix wide = new(K, N), narrow = new(K, N, mayNarrow: true);
        wide.Pack(b);
        narrow.Pack(b);
        Assert.True(narrow.IsNarrow);
        foreach (float factor in (float[])[float.Epsilon, 1e-30f, 3e7f, 4e7f, 1e30f, float.MaxValue, float.NaN, float.NegativeInfinity])
        {
            float[] a = Some.Floats(K, 1), expected = new float[N], c = new float[N];
            a[700] = factor;
            wide.Multiply(a, 1, accumulate: false, expected);
            narrow.Multiply(a, 1, accumulate: false, c);
            Tolerance.AssertSameBits(expected, c, $"{factor:R}");
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Multiply_NotANumberBesideALargeFactor_LeavesTheOtherRowItsBitsNarrow(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int K = 1040, N = 256;
        float[] b = Some.Halves(K * N, 2), a = Some.Floats(2 * K, 1), expected = new float[2 * N], c = new float[2 * N];
        (a[512], a[K + 512]) = (1e30f, float.NaN);
        PackedMatrix wide = new(K, N), narrow = new(K, N, mayNarrow: true);
        wide.Pack(b);
        narrow.Pack(b);
        wide.Multiply(a, 2, accumulate: false, expected);
        narrow.Multiply(a, 2, accumulate: false, c);
        Tolerance.AssertSameBits(expected.AsSpan(0, N), c.AsSpan(0, N), "the row of numbers");
        Assert.All(c[N..], value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Pack_AWeightThat16BitsDoNotHold_KeepsAllOf32()
    {
        float[] b = Some.Halves(PackedMatrix.LargestWide + 64, 1);
        var packed = new PackedMatrix(b.Length / 64, 64, mayNarrow: true);
        packed.Pack(b);
        Assert.True(packed.IsNarrow);
        b[^1] = 1f / 3;
        packed.Pack(b);
        Assert.False(packed.IsNarrow);
        packed.Resize(b.Length / 64 - 1, 64);
        packed.Pack(b.AsSpan(64));
        Assert.False(packed.IsNarrow, "a small matrix is not worth it");
    }

    [Fact]
    public void Resize_SmallerThenLarger_KeepsNothingOld()
    {
        var packed = new PackedMatrix(40, 40);
        packed.Pack(Some.Floats(1600, 1));
        packed.Resize(3, 5);
        float[] b = Some.Floats(15, 2), c = new float[5], expected = new float[5];
        packed.Pack(b);
        packed.Multiply([1f, 2f, 3f], 1, accumulate: false, c);
        ReferenceKernels.GemmNN([1f, 2f, 3f], b, 1, 5, 3, accumulate: false, expected);
        Tolerance.AssertClose(expected, c, 1e-6, "product");
    }

    [Fact]
    public void MultiplyWithBias_NoRowsInB_GivesTheBias()
    {
        var packed = new PackedMatrix(0, 3);
        packed.Pack([]);
        float[] c = [9f, 9f, 9f, 9f, 9f, 9f];
        packed.MultiplyWithBias([], 2, [1f, 2f, 3f], c);
        Assert.Equal([1f, 2f, 3f, 1f, 2f, 3f], c);
    }

    [Fact]
    public void WrongSizes_NameTheArgument()
    {
        var packed = new PackedMatrix(3, 2);
        float[] three = new float[3], two = new float[2];
        Assert.StartsWith("source:", Message(() => packed.Pack(three)));
        Assert.StartsWith("a:", Message(() => packed.Multiply(two, 1, false, two)));
        Assert.StartsWith("c:", Message(() => packed.Multiply(three, 1, false, three)));
        Assert.StartsWith("bias:", Message(() => packed.MultiplyWithBias(three, 1, three, two)));
        Assert.StartsWith("columns:", Message(() => packed.Resize(3, 5, 2)));

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
