using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>What the forward pass of an <see cref="AttentionPooling"/> keeps for its backward pass.</summary>
public sealed class AttentionTape
{
    readonly float[] _rowWeights;

    internal AttentionTape(int timeSteps, int batchSize, int size)
    {
        Projected = new Tensor(timeSteps, batchSize, size);
        Weights = new Tensor(timeSteps, batchSize);
        _rowWeights = new float[timeSteps];
    }

    /// <summary>[T,B] weights of the steps; those of a row sum to 1.</summary>
    public Tensor Weights { get; }

    /// <summary>B.</summary>
    internal int BatchSize => Weights.Shape[1];

    /// <summary>[T,B,O] u, or the gradient of what its tanh was taken of.</summary>
    internal Tensor Projected { get; }

    /// <summary>[steps] for the weights of one row, or their gradient.</summary>
    internal Span<float> RowWeights(int steps) => _rowWeights.AsSpan(0, steps);
}
