using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>The weights of the second product of a step, for cells that have one: H rows of a matrix [*,H].</summary>
/// <param name="weight">holds them</param>
/// <param name="firstRow">from here on</param>
/// <param name="bias">[H] of their own, or null</param>
sealed class SecondProduct(Parameter weight, int firstRow, Parameter? bias)
{
    readonly int _size = weight.Shape[1];

    /// <summary>[H,H] for the forward pass.</summary>
    public PackedWeights Weights { get; private set; } = PackedWeights.Create(WeightType.Float32);

    /// <summary>[H,H] for the backward pass.</summary>
    public PackedMatrix WeightsForGradient { get; } = new(0, 0);

    /// <summary>Lays the weights out for the kernels.</summary>
    public void Pack(bool forTraining, WeightType weights, bool mayNarrow)
    {
        var rows = weight.Value.Rows(firstRow, _size);
        Weights = Weights.As(weights);
        Weights.Resize(_size, _size);
        Weights.PackTransposed(rows, mayNarrow);
        if (!forTraining)
            return;
        WeightsForGradient.Resize(_size, _size);
        WeightsForGradient.Pack(rows);
    }

    /// <summary>Adds the gradients of the weights after the loop over time.</summary>
    /// <param name="tape">holds what was multiplied, and the gradients of the sums</param>
    /// <param name="steps">of the pass</param>
    public void AddGradients(RecurrentTape tape, int steps)
    {
        var dSums = tape.Second!.Rows(0, steps);
        Gemm.TN(
            dSums, tape.Saved!.Rows(0, steps), _size, _size, steps * tape.BatchSize, accumulate: true, weight.Gradient.Rows(firstRow, _size),
            bias is null ? [] : bias.Gradient.Span);
    }
}
