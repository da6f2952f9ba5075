using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

/// <summary>Holds the errors that <see cref="LaneMath"/> states, over sweeps that cross every exponent, and its borders.</summary>
public sealed class LaneMathTests(ITestOutputHelper output)
{
    const double SmallestNormal = 1.17549435e-38;

    static readonly float[] s_positives = Positives();

    [Fact]
    public void Exp_SweepOfTheWholeRange_IsWithinTheStatedError() => Sweep(ActivationKernel.Exp, Math.Exp, -87.6f, 88.3f, 1.25);

    [Fact]
    public void Sigmoid_SweepOfTheWholeRange_IsWithinTheStatedError() =>
        Sweep(ActivationKernel.Sigmoid, x => 1 / (1 + Math.Exp(-x)), -87.3f, 1000f, 3.0);

    [Fact]
    public void Tanh_SweepOfTheWholeRange_IsWithinTheStatedError() => Sweep(ActivationKernel.Tanh, Math.Tanh, -1000f, 1000f, 3.0);

    void Sweep(Function function, Func<double, double> exact, float from, float to, double statedUnits)
    {
        float[] x = [.. s_positives.Select(value => -value).Concat(s_positives).Where(value => value >= from && value <= to)];
        float[] actual = new float[x.Length];
        function(x, actual);
        double worst = 0;
        float worstAt = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double expected = exact(x[i]);
            double units = Math.Abs(expected) < SmallestNormal && Math.Abs(x[i]) > 1
                ? Math.Abs(actual[i] - expected) / float.Epsilon
                : Tolerance.Units(expected, actual[i]);
            if (units > worst)
                (worst, worstAt) = (units, x[i]);
        }
        output.WriteLine($"{x.Length} points, worst {worst:F3} units at {worstAt:G9}");
        Assert.True(worst <= statedUnits, $"{worst:F3} units at {worstAt:G9}; stated {statedUnits}");
    }

    delegate void Function(ReadOnlySpan<float> x, Span<float> destination);

    /// <summary>Floats from the smallest up to 1000, dense where the functions bend (0.01 to 100).</summary>
    static float[] Positives()
    {
        var values = new List<float>();
        for (int bits = 1; bits < BitConverter.SingleToInt32Bits(0.01f); bits += 9973)
            values.Add(BitConverter.Int32BitsToSingle(bits));
        for (int bits = BitConverter.SingleToInt32Bits(0.01f); bits < BitConverter.SingleToInt32Bits(1000f); bits += 197)
            values.Add(BitConverter.Int32BitsToSingle(bits));
        return [.. values];
    }
}
