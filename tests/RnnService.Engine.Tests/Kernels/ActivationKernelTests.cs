using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

[Collection(Tiers.Collection)]
public sealed class ActivationKernelTests
{
    const double RelativeTolerance = 3e-7;

    static readonly Dictionary<string, (Kernel Fast, Kernel Reference)> s_kernels = new()
    {
        ["Exp"] = (ActivationKernel.Exp, ReferenceKernels.Exp),
        ["Sigmoid"] = (ActivationKernel.Sigmoid, ReferenceKernels.Sigmoid),
        ["Tanh"] = (ActivationKernel.Tanh, ReferenceKernels.Tanh),
    };

    public static MatrixTheoryData<string, SimdTier> Cases => new(s_kernels.Keys, Enum.GetValues<SimdTier>());

    delegate void Kernel(ReadOnlySpan<float> x, Span<float> destination);

    [Theory, MemberData(nameof(Cases))]
    public void Kernel_AllLengths_MatchesReferenceAndStaysInside(string name, SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        var (fast, reference) = s_kernels[name];
        foreach (int length in Lengths.UpTo256)
        {
            float[] values = Some.Floats(length, seed: length + 1, scale: 20f);
            using GuardedBuffer x = new(values), actual = new(values);
            float[] expected = new float[length];
            fast(x.Span, actual.Span);
            reference(values, expected);
            for (int i = 0; i < length; i++)
                Assert.True(Math.Abs(actual.Span[i] - expected[i]) <= RelativeTolerance * Math.Abs(expected[i]), $"{name}({values[i]:G9}) = {actual.Span[i]:G9}, expected {expected[i]:G9}");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Kernel_InPlace_GivesTheSameBits(string name, SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        float[] x = Some.Floats(77, scale: 5f), apart = new float[77];
        s_kernels[name].Fast(x, apart);
        s_kernels[name].Fast(x, x);
        Tolerance.AssertSameBits(apart, x, name);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Kernel_AnyTier_GivesTheBitsOfTheScalarTier(string name, SimdTier tier)
    {
        float[] x = Some.Floats(4099, scale: 95f), expected = new float[x.Length], actual = new float[x.Length];
        using (SimdTiers.Use(SimdTier.Scalar))
            s_kernels[name].Fast(x, expected);
        using (SimdTiers.Use(tier))
            s_kernels[name].Fast(x, actual);
        Tolerance.AssertSameBits(expected, actual, $"{name} on {tier}");
    }

    [Theory]
    [InlineData("Exp", float.NegativeInfinity, 0f)]
    [InlineData("Exp", -104f, 0f)]
    [InlineData("Exp", float.MinValue, 0f)]
    [InlineData("Exp", 0f, 1f)]
    [InlineData("Exp", 89f, float.PositiveInfinity)]
    [InlineData("Exp", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("Exp", float.NaN, float.NaN)]
    [InlineData("Sigmoid", float.NegativeInfinity, 0f)]
    [InlineData("Sigmoid", 0f, 0.5f)]
    [InlineData("Sigmoid", float.MaxValue, 1f)]
    [InlineData("Sigmoid", float.PositiveInfinity, 1f)]
    [InlineData("Sigmoid", float.NaN, float.NaN)]
    [InlineData("Tanh", float.NegativeInfinity, -1f)]
    [InlineData("Tanh", 0f, 0f)]
    [InlineData("Tanh", float.Epsilon, float.Epsilon)]
    [InlineData("Tanh", float.MaxValue, 1f)]
    [InlineData("Tanh", float.NaN, float.NaN)]
    public void Kernel_SpecialValue_IsExactInEveryLaneOfEveryTier(string name, float value, float expected)
    {
        foreach (var tier in Enum.GetValues<SimdTier>())
        {
            using var use = SimdTiers.Use(tier);
            float[] x = new float[37];
            x.AsSpan().Fill(value);
            s_kernels[name].Fast(x, x);
            Assert.All(x, actual => Assert.True(
                BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual) || (float.IsNaN(expected) && float.IsNaN(actual)),
                $"{name}({value}) on {tier}: expected {expected}, found {actual}"));
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Tanh_NegativeZero_KeepsItsSign(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        float[] x = new float[37];
        x.AsSpan().Fill(-0f);
        ActivationKernel.Tanh(x, x);
        Assert.All(x, value => Assert.True(value == 0f && float.IsNegative(value), $"{value}"));
    }

    [Fact]
    public void Kernel_OneNaN_LeavesTheOtherLanesAlone()
    {
        foreach (var tier in Enum.GetValues<SimdTier>())
        {
            using var use = SimdTiers.Use(tier);
            foreach (var (name, kernel) in s_kernels)
            {
                float[] x = new float[33];
                x[5] = float.NaN;
                kernel.Fast(x, x);
                Assert.Equal([5], Enumerable.Range(0, x.Length).Where(i => float.IsNaN(x[i])));
                Assert.Equal(name == "Exp" ? 1f : name == "Tanh" ? 0f : 0.5f, x[6]);
            }
        }
    }

    [Theory]
    [InlineData("Exp")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    public void Kernel_BadDestination_Throws(string name)
    {
        float[] x = new float[20];
        Assert.Equal("destination: expected 20 elements, found 19.", Assert.Throws<ArgumentException>(() => s_kernels[name].Fast(x, new float[19])).Message);
        var overlap = Assert.Throws<ArgumentException>(() => s_kernels[name].Fast(x.AsSpan(0, 10), x.AsSpan(1, 10)));
        Assert.Contains("overlaps the source 1 elements from its start", overlap.Message, StringComparison.Ordinal);
    }
}
