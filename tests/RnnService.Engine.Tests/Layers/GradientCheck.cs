namespace RnnService.Engine.Tests.Layers;

/// <summary>Holds gradients against central differences of a loss computed in double.</summary>
static class GradientCheck
{
    // A power of two: weights of size 1 move by exactly this much.
    const float Distance = 1f / 256;

    /// <summary>
    /// Fails unless each element of <paramref name="gradient"/> is the derivative of <paramref name="loss"/> with respect to that element of
    /// <paramref name="values"/>, which it reads. Differences over two distances cancel the error of third order.
    /// </summary>
    internal static void Run(Func<double> loss, Span<float> values, ReadOnlySpan<float> gradient, string what, double tolerance = 2e-5)
    {
        Assert.Equal(values.Length, gradient.Length);
        for (int i = 0; i < values.Length; i++)
        {
            double near = Slope(loss, ref values[i], Distance), far = Slope(loss, ref values[i], 2 * Distance);
            Support.Tolerance.AssertClose((4 * near - far) / 3, gradient[i], tolerance, $"gradient of {what}, element {i} of {values.Length}");
        }
    }

    static double Slope(Func<double> loss, ref float value, float distance)
    {
        float centre = value, above = centre + distance, below = centre - distance;
        value = above;
        double lossAbove = loss();
        value = below;
        double lossBelow = loss();
        value = centre;
        return (lossAbove - lossBelow) / ((double)above - below);
    }
}
