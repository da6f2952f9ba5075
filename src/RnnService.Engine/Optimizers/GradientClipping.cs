using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Optimizers;

/// <summary>Keeps one bad batch from throwing the weights far away.</summary>
public static class GradientClipping
{
    /// <summary>
    /// Scales all gradients by maxNorm / norm when their global norm (the root of the sum of squares over all parameters that are not frozen) is above
    /// <paramref name="maxNorm"/>. The sum runs in parameter order, so it never depends on threads.
    /// </summary>
    /// <param name="parameters">whose gradients</param>
    /// <param name="maxNorm">the largest norm let through; 0 only measures</param>
    /// <returns>the norm before clipping; NaN or infinity, with gradients left alone, when a gradient is not finite</returns>
    /// <exception cref="ArgumentOutOfRangeException">maxNorm is negative or NaN</exception>
    public static double ClipGlobalNorm(ParameterSet parameters, double maxNorm)
    {
        Throw.IfNegative(maxNorm, nameof(maxNorm));
        double sum = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            if (!parameters[i].IsFrozen)
                sum += VectorKernel.SumOfSquares(parameters[i].Gradient.Span);
        }
        double norm = Math.Sqrt(sum);
        if (maxNorm > 0 && norm > maxNorm && double.IsFinite(norm))
        {
            float factor = (float)(maxNorm / norm);
            for (int i = 0; i < parameters.Count; i++)
            {
                if (parameters[i].IsFrozen)
                    continue;
                var gradient = parameters[i].Gradient.Span;
                VectorKernel.Scale(gradient, factor, gradient);
            }
        }
        return norm;
    }
}
