using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>y = x·Wᵀ for a weight W [O,I] of which the steps of a sequence have need one by one: laid out once for both directions.</summary>
sealed class PackedProduct(Parameter weight)
{
    readonly PackedMatrix _forGradient = new(0, 0);
    PackedWeights _packed = PackedWeights.Create(WeightType.Float32);

    int InputSize => weight.Shape[1];

    int OutputSize => weight.Shape[0];

    /// <summary>Lays the weight out for the kernels; needed after it changed, before it is used.</summary>
    /// <param name="forTraining">whether there will be a backward pass</param>
    /// <param name="weights">how it is kept; training needs <see cref="WeightType.Float32"/></param>
    public void Pack(bool forTraining, WeightType weights)
    {
        Throw.IfRounded(weights, forTraining);
        _packed = _packed.As(weights);
        _packed.Resize(InputSize, OutputSize);
        _packed.PackTransposed(weight.Value.Span);
        if (!forTraining)
            return;
        _forGradient.Resize(OutputSize, InputSize);
        _forGradient.Pack(weight.Value.Span);
    }

    /// <param name="x">[N,I]</param>
    /// <param name="rows">N</param>
    /// <param name="accumulate">whether the product is added to y</param>
    /// <param name="y">[N,O]</param>
    public void Forward(ReadOnlySpan<float> x, int rows, bool accumulate, Span<float> y)
    {
        Throw.IfNotPacked(_packed);
        _packed.Multiply(x, rows, accumulate, y);
    }

    /// <summary>Adds to the gradient of x.</summary>
    /// <param name="dy">[N,O]</param>
    /// <param name="rows">N</param>
    /// <param name="dx">[N,I]</param>
    public void Backward(ReadOnlySpan<float> dy, int rows, Span<float> dx)
    {
        Throw.IfNotPacked(_forGradient);
        _forGradient.Multiply(dy, rows, accumulate: true, dx);
    }

    /// <summary>Adds to the gradient of the weight, unless it is frozen.</summary>
    /// <param name="dy">[N,O] of all steps</param>
    /// <param name="x">[N,I] of all steps</param>
    /// <param name="rows">N</param>
    public void AddGradient(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, int rows)
    {
        if (weight.IsFrozen)
            return;
        bool overwrite = weight.ClaimGradient(out var gradient);
        Gemm.TN(dy, x, OutputSize, InputSize, rows, !overwrite, gradient.Span);
    }
}
