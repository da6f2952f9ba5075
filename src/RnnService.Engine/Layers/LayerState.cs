using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>What one layer carries from step to step, or the gradient of that.</summary>
public sealed class LayerState
{
    internal LayerState(RecurrentCell cell, int batchSize, int hiddenSize)
    {
        Layout = cell;
        Hidden = new Tensor(batchSize, hiddenSize);
        Cell = cell.HasCellState ? new Tensor(batchSize, hiddenSize) : null;
    }

    /// <summary>Says which memory there is.</summary>
    internal RecurrentCell Layout { get; }

    /// <summary>[B,H] hidden state h.</summary>
    public Tensor Hidden { get; }

    /// <summary>[B,H] cell state c; null for a cell without one.</summary>
    public Tensor? Cell { get; }

    /// <summary>Sets everything to zero.</summary>
    public void Clear()
    {
        Hidden.Clear();
        Cell?.Clear();
    }
}
