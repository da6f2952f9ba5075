using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Support;

/// <summary>Compares gradients with central differences of a loss computed in double.</summary>
static class GradientCheck
{
    // A power of two, so that value plus and minus it are exact; its square times a third derivative stays under the tolerances.
    const float Difference = 1f / 128;

    /// <summary>Fails unless each gradient element is within <paramref name="tolerance"/> of the slope of the loss.</summary>
    /// <param name="what">name in messages</param>
    /// <param name="value">[n] changed one by one and put back</param>
    /// <param name="gradient">[n]</param>
    /// <param name="loss">the loss at the present values</param>
    /// <param name="tolerance">absolute; relative for slopes above 1</param>
    internal static void Run(string what, Tensor value, Tensor gradient, Func<double> loss, double tolerance)
    {
        Assert.Equal(value.Shape, gradient.Shape);
        for (int i = 0; i < value.Length; i++)
        {
            float before = value.Span[i], up = before + Difference, down = before - Difference;
            value.Span[i] = up;
            double above = loss();
            value.Span[i] = down;
            double below = loss();
            value.Span[i] = before;
            Tolerance.AssertClose((above - below) / (up - (double)down), gradient.Span[i], tolerance, $"{what}, element {i} of {value.Length}");
        }
    }
}
