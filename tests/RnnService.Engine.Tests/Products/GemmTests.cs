using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;
using RnnService.Engine.Tests.Threading;

namespace RnnService.Engine.Tests.Products;

[Collection(Tiers.Collection)]
public sealed class GemmTests
{
    // Around the tile (6 rows), each panel (2 to 32 columns) and the rows from which A is packed (24).
    static readonly int[] s_smallSizes = [1, 2, 5, 6, 7, 13, 16, 17, 25, 33, 40];

    // Around the blocks of rows (120) and of k (256).
    static readonly (int M, int N, int K)[] s_largeSizes =
        [(67, 130, 300), (300, 67, 130), (130, 300, 67), (121, 33, 257), (25, 65, 513), (1, 300, 300), (6, 640, 300), (300, 1, 257)];

    static readonly Product[] s_products =
    [
        new("NN", Gemm.NN, ReferenceKernels.GemmNN), new("NT", Gemm.NT, ReferenceKernels.GemmNT), new("TN", Gemm.TN, ReferenceKernels.GemmTN),
    ];

    [Theory, ClassData(typeof(Tiers))]
    public void Products_SmallSizes_EqualTheReferenceExactly(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int m in s_smallSizes)
        {
            foreach (int n in s_smallSizes)
            {
                foreach (int k in s_smallSizes)
                    AssertExact(m, n, k);
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Products_LargeSizes_EqualTheReferenceExactly(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (var (m, n, k) in s_largeSizes)
            AssertExact(m, n, k);
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Products_Fractions_AreNearTheReference(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int M = 31, N = 45, K = 700;
        float[] a = Some.Floats(M * K, 1), b = Some.Floats(K * N, 2), c = new float[M * N], expected = new float[M * N];
        foreach (var product in s_products)
        {
            product.Run(a, b, M, N, K, false, c);
            product.Reference(a, b, M, N, K, false, expected);
            Tolerance.AssertClose(expected, c, 1e-5, product.Name);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void Products_AnyThreadCount_GiveTheSameBits(int threads)
    {
        foreach (var (m, n, k) in s_largeSizes)
        {
            float[] a = Some.Floats(m * k, 1), b = Some.Floats(k * n, 2);
            foreach (var product in s_products)
                Tolerance.AssertSameBits(Run(1, product), Run(threads, product), $"{product.Name} {m} x {n} x {k}");

            float[] Run(int count, Product product)
            {
                using var use = ThreadCount.Use(count);
                float[] c = Some.Floats(m * n, 3);
                product.Run(a, b, m, n, k, true, c);
                return c;
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Products_ARowOfMany_HasTheSameBitsAlone(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        const int N = 205, K = 270;
        float[] b = Some.Floats(K * N, 2), a = Some.Floats(150 * K, 1), alone = new float[N];
        foreach (int m in new[] { 2, 7, 24, 25, 150 })
        {
            float[] c = new float[m * N];
            Gemm.NN(a.AsSpan(0, m * K), b, m, N, K, false, c);
            foreach (int row in new[] { 0, m / 2, m - 1 })
            {
                Gemm.NN(a.AsSpan(row * K, K), b, 1, N, K, false, alone);
                Tolerance.AssertSameBits(alone, c.AsSpan(row * N, N), $"row {row} of {m}");
            }
        }
    }

    [Fact]
    public void Products_SizesOfZero_GiveEmptyOrZero()
    {
        foreach (var product in s_products)
        {
            product.Run([], new float[6], 0, 2, 3, false, []);
            product.Run(new float[6], [], 2, 0, 3, true, []);
            float[] c = [1f, 2f, 3f, 4f];
            product.Run([], [], 2, 2, 0, true, c);
            Assert.Equal([1f, 2f, 3f, 4f], c);
            product.Run([], [], 2, 2, 0, false, c);
            Assert.Equal([0f, 0f, 0f, 0f], c);
        }
    }

    [Fact]
    public void Products_WrongLength_NamesTheArgument()
    {
        float[] six = new float[6], four = new float[4], five = new float[5];
        foreach (var product in s_products)
        {
            Assert.StartsWith("a: expected 6", Assert.Throws<ArgumentException>(() => product.Run(five, six, 2, 2, 3, false, four)).Message);
            Assert.StartsWith("b: expected 6", Assert.Throws<ArgumentException>(() => product.Run(six, five, 2, 2, 3, false, four)).Message);
            Assert.StartsWith("c: expected 4", Assert.Throws<ArgumentException>(() => product.Run(six, six, 2, 2, 3, false, five)).Message);
        }
    }

    /// <summary>Whole numbers, whose sums are exact in any order: every bit must agree, and nothing outside C may change.</summary>
    static void AssertExact(int m, int n, int k)
    {
        const int Guard = 40;
        const float Untouched = 12345f;
        float[] a = Whole(m * k, 1), b = Whole(k * n, 2), start = Whole(m * n, 3), guarded = new float[m * n + 2 * Guard], expected = new float[m * n];
        foreach (var product in s_products)
        {
            foreach (bool accumulate in new[] { false, true })
            {
                Array.Fill(guarded, Untouched);
                start.CopyTo(guarded, Guard);
                start.CopyTo(expected, 0);
                product.Run(a, b, m, n, k, accumulate, guarded.AsSpan(Guard, m * n));
                product.Reference(a, b, m, n, k, accumulate, expected);
                string what = $"{product.Name} {m} x {n} x {k}, accumulate {accumulate}";
                Tolerance.AssertSameBits(expected, guarded.AsSpan(Guard, m * n), what);
                bool intact = !guarded.AsSpan(0, Guard).ContainsAnyExcept(Untouched) && !guarded.AsSpan(Guard + m * n).ContainsAnyExcept(Untouched);
                Assert.True(intact, $"{what}: wrote outside C");
            }
        }
    }

    static float[] Whole(int count, int seed) => [.. Some.Floats(count, seed, 9f).Select(value => (float)(int)value)];

    delegate void Multiplication(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, bool accumulate, Span<float> c);

    sealed record Product(string Name, Multiplication Run, Multiplication Reference);
}
