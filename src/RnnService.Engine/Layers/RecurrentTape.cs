using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// What the forward pass of a recurrent layer keeps for its backward pass. The first D slots of <see cref="Hidden"/> are the initial states,
/// the newest last, and slot t+D is the state after step t; D is 1 unless a skip connection reaches further back.
/// </summary>
public sealed class RecurrentTape
{
    Tensor? _dSaved, _dKept;

    /// <param name="cell">says which memory there is</param>
    /// <param name="timeSteps">T</param>
    /// <param name="batchSize">B</param>
    /// <param name="hiddenSize">H</param>
    /// <param name="gateSteps">S, steps whose gates there is memory for: T to keep them for a backward pass</param>
    internal RecurrentTape(RecurrentCell cell, int timeSteps, int batchSize, int hiddenSize, int gateSteps)
    {
        Throw.IfNotPositive(timeSteps, nameof(timeSteps));
        Throw.IfNotPositive(batchSize, nameof(batchSize));
        TimeSteps = timeSteps;
        BatchSize = batchSize;
        HiddenSize = hiddenSize;
        Layout = cell;
        GateSteps = Math.Min(timeSteps, gateSteps);
        Gates = CreateGates();
        Hidden = new Tensor(timeSteps + History, batchSize, hiddenSize);
        Cell = cell.HasCellState ? new Tensor(timeSteps + 1, batchSize, hiddenSize) : null;
        Saved = cell.SavesMore ? new Tensor(timeSteps, batchSize, hiddenSize) : null;
        Second = cell.HasSecondProduct ? new Tensor(timeSteps, batchSize, hiddenSize) : null;
    }

    /// <summary>T, the most steps of one pass.</summary>
    public int TimeSteps { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>H.</summary>
    public int HiddenSize { get; }

    /// <summary>D, initial states kept.</summary>
    public int History => Layout.Connections.History;

    /// <summary>Says which memory there is.</summary>
    internal RecurrentCell Layout { get; }

    /// <summary>S: of a pass of more steps the gates of some S steps at a time are in memory, which then stays in a near cache.</summary>
    internal int GateSteps { get; private set; }

    /// <summary>[S,B,G*H]: the gates after the forward pass, the gradients of their sums after the backward pass. S is T where they are kept.</summary>
    public Tensor Gates { get; private set; }

    /// <summary>[T+D,B,H]</summary>
    public Tensor Hidden { get; }

    /// <summary>[T+1,B,H], slot 0 the initial state; null for a cell without a cell state.</summary>
    public Tensor? Cell { get; }

    /// <summary>[T,B,H] what else the cell keeps; null for one that does not.</summary>
    internal Tensor? Saved { get; }

    /// <summary>[T,B,H] sums of the second product, then what the cell makes of them, then their gradients; null for a cell without one.</summary>
    internal Tensor? Second { get; }

    /// <summary>[T,B,H] gradient of the loss by each h[t] along all ways, after a backward pass; null unless <see cref="KeepHiddenGradients"/> asked for it.</summary>
    public Tensor? HiddenGradients { get; private set; }

    /// <summary>Letters of the gates, as the formulas of the cell have them; none where a cell has no gates.</summary>
    public IReadOnlyList<string> GateNames => Layout.GateNames;

    /// <summary>Makes forward passes keep the gates of all steps, which a backward pass needs.</summary>
    public void KeepGates()
    {
        if (GateSteps == TimeSteps)
            return;
        GateSteps = TimeSteps;
        Gates = CreateGates();
    }

    /// <summary>Makes backward passes keep <see cref="HiddenGradients"/>.</summary>
    public void KeepHiddenGradients() => HiddenGradients ??= new Tensor(TimeSteps, BatchSize, HiddenSize);

    /// <summary>One gate of all units, [H], at a step of a row; only between the forward and the backward pass, and only if they are kept.</summary>
    /// <param name="gate">index in <see cref="GateNames"/></param>
    /// <param name="step">from 0</param>
    /// <param name="row">of the batch, from 0</param>
    public ReadOnlySpan<float> Gate(int gate, int step, int row) => Layout.Gate(this, gate, step * BatchSize + row);

    /// <summary>[B,H] gradient of <see cref="Saved"/> in a step; null for a cell without a second product. Made at first use, so that inference never pays for it.</summary>
    internal Tensor? DSaved => Second is null ? null : _dSaved ??= new Tensor(BatchSize, HiddenSize);

    /// <summary>[D,B,H] gradients of the last states, kept for earlier ones; null where nothing goes past the cell.</summary>
    internal Tensor? DKept => Layout.Connections.Exist ? _dKept ??= new Tensor(History, BatchSize, HiddenSize) : null;

    /// <summary>The outputs of the first <paramref name="steps"/> steps, [steps,B,H].</summary>
    public Span<float> Outputs(int steps) => Hidden.Rows(History, steps);

    /// <summary>What the first <paramref name="steps"/> steps read, [steps,B,H]: the initial state and all outputs but the last.</summary>
    internal Span<float> PreviousOutputs(int steps) => Hidden.Rows(History - 1, steps);

    /// <summary>[B,H] the state before a step.</summary>
    internal Span<float> Previous(int step) => Hidden.Row(History - 1 + step);

    /// <summary>Makes the states after step <paramref name="steps"/> the initial ones: carried over, without their history.</summary>
    public void Carry(int steps)
    {
        Hidden.Rows(steps, History).CopyTo(Hidden.Span);
        Cell?.Row(steps).CopyTo(Cell.Row(0));
    }

    /// <summary>Sets the initial state to zero.</summary>
    public void ResetState()
    {
        Hidden.Rows(0, History).Clear();
        Cell?.Row(0).Clear();
    }

    /// <summary>Sets the initial state; skip connections find nothing before it.</summary>
    public void SetState(LayerState state)
    {
        ResetState();
        state.Hidden.Span.CopyTo(Hidden.Row(History - 1));
        state.Cell?.Span.CopyTo(Cell!.Row(0));
    }

    /// <summary>Sets the initial states to rows of a state; skip connections find nothing before them.</summary>
    /// <param name="state">[*,H]</param>
    /// <param name="rows">[B or fewer] which row of it each begins with; those of no number begin at zero</param>
    internal void SetState(LayerState state, ReadOnlySpan<int> rows)
    {
        ResetState();
        for (int row = 0; row < rows.Length; row++)
        {
            RowOf(state.Hidden.Span, rows[row]).CopyTo(RowOf(Hidden.Row(History - 1), row));
            if (Cell is not null)
                RowOf(state.Cell!.Span, rows[row]).CopyTo(RowOf(Cell.Span, row));
        }
    }

    /// <summary>Makes rows of the states after the one step of <paramref name="source"/>, with their history, the initial ones.</summary>
    /// <param name="source">of the same layer; may be this tape</param>
    /// <param name="rows">[B or fewer] which row of it each goes on with; others stay as they are</param>
    internal void Continue(RecurrentTape source, ReadOnlySpan<int> rows)
    {
        // Slot after slot: each is written when it was read already.
        for (int slot = 0; slot < History; slot++)
        {
            for (int row = 0; row < rows.Length; row++)
                RowOf(source.Hidden.Row(slot + 1), rows[row]).CopyTo(RowOf(Hidden.Row(slot), row));
        }
        for (int row = 0; row < rows.Length && Cell is not null; row++)
            RowOf(source.Cell!.Row(1), rows[row]).CopyTo(RowOf(Cell.Row(0), row));
    }

    /// <summary>Copies the initial states, all of them, to a tape of the same layer and batch.</summary>
    internal void CopyInitialStates(RecurrentTape destination)
    {
        Hidden.Rows(0, History).CopyTo(destination.Hidden.Span);
        Cell?.Row(0).CopyTo(destination.Cell!.Row(0));
    }

    /// <summary>Copies the state after <paramref name="steps"/> steps; of a row that is shorter, that after its last.</summary>
    public void CopyState(int steps, LayerState destination)
    {
        Hidden.Row(History - 1 + steps).CopyTo(destination.Hidden.Span);
        Cell?.Row(steps).CopyTo(destination.Cell!.Span);
    }

    /// <summary>[to-from,B,G*H] the gates of the steps [from, to), which are in memory together.</summary>
    internal Span<float> GatesOf(int from, int to) => Gates.Rows(from % GateSteps, to - from);

    /// <summary>Copies a gate of the steps [from, to) out of the others.</summary>
    /// <param name="gate">its place among the gates</param>
    /// <param name="from">first step</param>
    /// <param name="to">step after the last one</param>
    /// <param name="destination">[T,B,H]</param>
    internal void CopyGate(int gate, int from, int to, Tensor destination)
    {
        for (int row = from * BatchSize; row < to * BatchSize; row++)
            GateRow(gate, row).CopyTo(destination.Span[(row * HiddenSize)..]);
    }

    /// <summary>Exchanges a gate of the steps [from, to) with what is kept beside it, [T,B,H].</summary>
    internal void SwapGate(int gate, int from, int to, Tensor other)
    {
        for (int row = from * BatchSize; row < to * BatchSize; row++)
            VectorKernel.Swap(GateRow(gate, row), other.Span.Slice(row * HiddenSize, HiddenSize));
    }

    /// <summary>Sets a gate of the steps [from, to) to the same values [H] in every row.</summary>
    internal void FillGate(int gate, int from, int to, ReadOnlySpan<float> values)
    {
        for (int row = from * BatchSize; row < to * BatchSize; row++)
            values.CopyTo(GateRow(gate, row));
    }

    Tensor CreateGates() => new(GateSteps, BatchSize, Layout.GateCount * HiddenSize);

    Span<float> RowOf(Span<float> states, int row) => states.Slice(row * HiddenSize, HiddenSize);

    /// <summary>The memory of a gate, [H], in a row of [T*B].</summary>
    internal Span<float> GateRow(int gate, int row) =>
        Gates.Span.Slice((row % (GateSteps * BatchSize) * Layout.GateCount + gate) * HiddenSize, HiddenSize);
}
