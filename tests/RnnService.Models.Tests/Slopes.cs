using RnnService.Engine.Tensors;

namespace RnnService.Models.Tests;

/// <summary>
/// Gradients against differences of a loss computed in float: five points, so that their distance may be so large that the loss's rounding
/// does not matter.
/// </summary>
static class Slopes
{
    const float Distance = 1f / 32;
    const double Tolerance = 1e-4;

    /// <summary>Fails unless every element of a gradient is the slope of the loss, and some are large enough to tell from nothing.</summary>
    /// <param name="parameter">changed element by element and put back</param>
    /// <param name="gradient">[n]</param>
    /// <param name="loss">the loss at the present values</param>
    internal static void AssertMatch(Parameter parameter, float[] gradient, Func<double> loss)
    {
        Assert.True(gradient.Max(Math.Abs) > 10 * Tolerance, $"{parameter.Name}: gradients of at most {gradient.Max(Math.Abs):G3} are too small to tell from nothing");
        for (int i = 0; i < gradient.Length; i++)
        {
            double slope = (4 * Slope(loss, parameter, i, Distance) - Slope(loss, parameter, i, 2 * Distance)) / 3;
            Assert.True(Math.Abs(slope - gradient[i]) <= Tolerance, $"{parameter}, element {i}: slope {slope:G6}, gradient {gradient[i]:G6}");
        }
    }

    static double Slope(Func<double> loss, Parameter parameter, int index, float distance)
    {
        float centre = parameter.Value.Span[index], above = centre + distance, below = centre - distance;
        parameter.Value.Span[index] = above;
        double lossAbove = loss();
        parameter.Value.Span[index] = below;
        double lossBelow = loss();
        parameter.Value.Span[index] = centre;
        return (lossAbove - lossBelow) / ((double)above - below);
    }
}
