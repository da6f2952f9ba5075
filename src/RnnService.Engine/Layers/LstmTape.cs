using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// What the forward pass of an LSTM layer keeps for its backward pass. Slot 0 of <see cref="Hidden"/> and <see cref="Cell"/> is the
/// initial state, slot t+1 the state after step t.
/// </summary>
/// <param name="timeSteps">T, the most steps of one pass</param>
/// <param name="batchSize">B</param>
/// <param name="hiddenSize">H</param>
public sealed class LstmTape(int timeSteps, int batchSize, int hiddenSize)
{
    /// <summary>T, the most steps of one pass.</summary>
    public int TimeSteps { get; } = timeSteps;

    /// <summary>B.</summary>
    public int BatchSize { get; } = batchSize;

    /// <summary>[T,B,4H]: i, f, g, o after the forward pass, the gradients of their sums after the backward pass.</summary>
    public Tensor Gates { get; } = new(timeSteps, batchSize, GateOrder.LstmGates * hiddenSize);

    /// <summary>[T+1,B,H]</summary>
    public Tensor Hidden { get; } = new(timeSteps + 1, batchSize, hiddenSize);

    /// <summary>[T+1,B,H]</summary>
    public Tensor Cell { get; } = new(timeSteps + 1, batchSize, hiddenSize);

    /// <summary>[T,B,H] tanh of the cell state after each step.</summary>
    public Tensor CellTanh { get; } = new(timeSteps, batchSize, hiddenSize);

    /// <summary>The outputs of the first <paramref name="steps"/> steps, [steps,B,H].</summary>
    public Span<float> Outputs(int steps) => Hidden.Rows(1, steps);

    /// <summary>Makes the state after step <paramref name="steps"/> the initial one: carried over, without its history.</summary>
    public void Carry(int steps)
    {
        Hidden.Row(steps).CopyTo(Hidden.Row(0));
        Cell.Row(steps).CopyTo(Cell.Row(0));
    }

    /// <summary>Sets the initial state to zero.</summary>
    public void ResetState()
    {
        Hidden.Row(0).Clear();
        Cell.Row(0).Clear();
    }
}
