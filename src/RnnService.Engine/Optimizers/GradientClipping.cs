using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Optimizers;

/// <summary>Keeps one bad batch from throwing the weights far away.</summary>
public static class GradientClipping
{
    /// <summary>
    /// Scales all gradients by maxNorm / norm when their global norm (the root of the sum of squares over all parameters that are not frozen) is above
    /// <paramref name="maxNorm"/>. The sum runs in the order of parameters, and of an embedding's rows as they were first written, so it never depends on threads.
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
                sum += SumOfSquares(parameters[i]);
        }
        double norm = Math.Sqrt(sum);
        if (maxNorm > 0 && norm > maxNorm && double.IsFinite(norm))
        {
            float factor = (float)(maxNorm / norm);
            for (int i = 0; i < parameters.Count; i++)
            {
                if (!parameters[i].IsFrozen)
                    Scale(parameters[i], factor);
            }
        }
        return norm;
    }

    static double SumOfSquares(Parameter parameter)
    {
        var gradient = parameter.ReadGradient();
        if (parameter.WrittenRows is not { } rows)
            return VectorKernel.SumOfSquares(gradient.Span);
        double sum = 0;
        foreach (int row in rows.Rows)
            sum += VectorKernel.SumOfSquares(gradient.Row(row));
        return sum;
    }

    static void Scale(Parameter parameter, float factor)
    {
        var job = new ScaleJob(parameter.ReadGradient(), factor);
        if (parameter.WrittenRows is { } rows)
            ElementRanges.Run(ref job, rows, parameter.Shape.RowLength);
        else
            ElementRanges.Run(ref job, parameter.Value.Length);
    }

    readonly struct ScaleJob(Tensor gradient, float factor) : IRangeJob
    {
        public void Execute(Range range) => VectorKernel.Scale(gradient.Span[range], factor, gradient.Span[range]);
    }
}
