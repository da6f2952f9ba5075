namespace RnnService.Engine.Tests.Support;

/// <summary>How far a float result may lie from a reference in double.</summary>
static class Tolerance
{
    /// <summary>Distance in units of the last place of the exact result rounded to float; infinities and NaN must agree exactly.</summary>
    internal static double Units(double expected, float actual)
    {
        float rounded = (float)expected;
        if (!float.IsFinite(rounded) || !float.IsFinite(actual))
            return rounded.Equals(actual) ? 0 : double.PositiveInfinity;
        double unit = Math.Max(MathF.BitIncrement(MathF.Abs(rounded)) - MathF.Abs(rounded), float.Epsilon);
        return Math.Abs(actual - expected) / unit;
    }

    /// <summary>Fails unless every element is within <paramref name="tolerance"/> * max(1, |expected|), or both are the same infinity or NaN.</summary>
    internal static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            AssertClose(expected[i], actual[i], tolerance, $"{what}, element {i} of {expected.Length}");
    }

    internal static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            AssertClose(expected[i], actual[i], tolerance, $"{what}, element {i} of {expected.Length}");
    }

    internal static void AssertClose(double expected, double actual, double tolerance, string what)
    {
        bool close = double.IsFinite(expected)
            ? Math.Abs(actual - expected) <= tolerance * Math.Max(1, Math.Abs(expected))
            : expected.Equals(actual);
        Assert.True(close, $"{what}: expected {expected:G9}, found {actual:G9}, tolerance {tolerance:G3}");
    }

    /// <summary>Fails at the first element whose bits differ.</summary>
    internal static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"{what}, element {i} of {expected.Length}: expected {expected[i]:G9}, found {actual[i]:G9}");
        }
    }
}
