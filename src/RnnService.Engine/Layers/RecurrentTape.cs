using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// What the forward pass of a recurrent layer keeps for its backward pass. Slot 0 of <see cref="Hidden"/> and <see cref="Cell"/> is the
/// initial state, slot t+1 the state after step t.
/// </summary>
public sealed class RecurrentTape
{
    internal RecurrentTape(RecurrentCell cell, int timeSteps, int batchSize, int hiddenSize)
    {
        Throw.IfNotPositive(timeSteps, nameof(timeSteps));
        Throw.IfNotPositive(batchSize, nameof(batchSize));
        TimeSteps = timeSteps;
        BatchSize = batchSize;
        Gates = new Tensor(timeSteps, batchSize, cell.GateCount * hiddenSize);
        Layout = cell;
        Hidden = new Tensor(timeSteps + 1, batchSize, hiddenSize);
        Cell = cell.HasCellState ? new Tensor(timeSteps + 1, batchSize, hiddenSize) : null;
        Saved = cell.SavesMore ? new Tensor(timeSteps, batchSize, hiddenSize) : null;
    }

    /// <summary>T, the most steps of one pass.</summary>
    public int TimeSteps { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>H.</summary>
    public int HiddenSize => Hidden.Shape[2];

    /// <summary>Says which memory there is.</summary>
    internal RecurrentCell Layout { get; }

    /// <summary>[T,B,G*H]: the gates after the forward pass, the gradients of their sums after the backward pass.</summary>
    public Tensor Gates { get; }

    /// <summary>[T+1,B,H]</summary>
    public Tensor Hidden { get; }

    /// <summary>[T+1,B,H]; null for a cell without a cell state.</summary>
    public Tensor? Cell { get; }

    /// <summary>[T,B,H] what else the cell keeps; null for one that does not.</summary>
    internal Tensor? Saved { get; }

    /// <summary>[T,B,H] gradient of the loss by each h[t] along all ways, after a backward pass; null unless <see cref="KeepHiddenGradients"/> asked for it.</summary>
    public Tensor? HiddenGradients { get; private set; }

    /// <summary>Letters of the gates, as the formulas of the cell have them; none where a cell has no gates.</summary>
    public IReadOnlyList<string> GateNames => Layout.GateNames;

    /// <summary>Makes backward passes keep <see cref="HiddenGradients"/>.</summary>
    public void KeepHiddenGradients() => HiddenGradients ??= new Tensor(TimeSteps, BatchSize, HiddenSize);

    /// <summary>One gate of all units, [H], at a step of a row; only between the forward and the backward pass.</summary>
    /// <param name="gate">index in <see cref="GateNames"/></param>
    /// <param name="step">from 0</param>
    /// <param name="row">of the batch, from 0</param>
    public ReadOnlySpan<float> Gate(int gate, int step, int row) => Layout.Gate(this, gate, step * BatchSize + row);

    /// <summary>The outputs of the first <paramref name="steps"/> steps, [steps,B,H].</summary>
    public Span<float> Outputs(int steps) => Hidden.Rows(1, steps);

    /// <summary>Makes the state after step <paramref name="steps"/> the initial one: carried over, without its history.</summary>
    public void Carry(int steps)
    {
        Hidden.Row(steps).CopyTo(Hidden.Row(0));
        Cell?.Row(steps).CopyTo(Cell.Row(0));
    }

    /// <summary>Sets the initial state to zero.</summary>
    public void ResetState()
    {
        Hidden.Row(0).Clear();
        Cell?.Row(0).Clear();
    }

    /// <summary>Sets the initial state.</summary>
    public void SetState(LayerState state)
    {
        state.Hidden.Span.CopyTo(Hidden.Row(0));
        state.Cell?.Span.CopyTo(Cell!.Row(0));
    }

    /// <summary>Copies the state after <paramref name="steps"/> steps; of a row that is shorter, that after its last.</summary>
    public void CopyState(int steps, LayerState destination)
    {
        Hidden.Row(steps).CopyTo(destination.Hidden.Span);
        Cell?.Row(steps).CopyTo(destination.Cell!.Span);
    }
}
