using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>Where the rows and steps of a pass lie: the pinned memory of a tape, and of the gradient of a state in a backward pass.</summary>
readonly unsafe struct RecurrentMemory
{
    readonly float* _gates, _hidden, _cell, _saved, _second, _dHidden, _dCell, _dSaved, _dKept;
    readonly float* _dHiddenSteps;
    readonly int* _lengths;
    readonly int _gateCount, _skip, _history;

    /// <param name="tape">must live as long as this</param>
    /// <param name="from">first step</param>
    /// <param name="lengths">[B] or null</param>
    /// <param name="dState">gradient of the state between two steps; null in a forward pass</param>
    public RecurrentMemory(RecurrentTape tape, int from, int* lengths, LayerState? dState = null)
    {
        BatchSize = tape.BatchSize;
        HiddenSize = tape.HiddenSize;
        _gateCount = tape.Layout.GateCount;
        _skip = tape.Layout.Connections.Skip;
        _history = tape.Layout.Connections.History;
        _lengths = lengths;
        // Where the gates of step 0 would lie.
        _gates = Start(tape.Gates) - (from - from % tape.GateSteps) * StepSize * _gateCount;
        _hidden = Start(tape.Hidden) + (_history - 1) * StepSize;
        _cell = Start(tape.Cell);
        _saved = Start(tape.Saved);
        _second = Start(tape.Second);
        if (dState is null)
            return;
        _dHidden = Start(dState.Hidden);
        _dCell = Start(dState.Cell);
        _dSaved = Start(tape.DSaved);
        _dKept = Start(tape.DKept);
        _dHiddenSteps = Start(tape.HiddenGradients);
    }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>H.</summary>
    public int HiddenSize { get; }

    /// <summary>G*H.</summary>
    public int GateSize => _gateCount * HiddenSize;

    nint StepSize => (nint)BatchSize * HiddenSize;

    /// <summary>[B,G*H] of a step.</summary>
    public float* Gates(int t) => _gates + t * StepSize * _gateCount;

    /// <summary>[B,H] the state after <paramref name="t"/> steps.</summary>
    public float* Hidden(int t) => _hidden + t * StepSize;

    /// <summary>[B,H] of a step: what the second product multiplies.</summary>
    public float* Saved(int t) => _saved + t * StepSize;

    /// <summary>[B,H] of a step: the sums of the second product.</summary>
    public float* Second(int t) => _second + t * StepSize;

    /// <summary>[B,H] gradient of the state.</summary>
    public float* DHidden => _dHidden;

    /// <summary>[T,B,H] receives the gradients of all states where somebody wants them, else null.</summary>
    public float* DHiddenSteps => _dHiddenSteps;

    /// <summary>[B,H] gradient of what the second product multiplies.</summary>
    public float* DSaved => _dSaved;

    /// <summary>Whether a row has ended before a step.</summary>
    public bool IsPast(int t, int row) => _lengths != null && t >= _lengths[row];

    /// <summary>One row of one step.</summary>
    public CellStep Step(int t, int row)
    {
        nint inStep = (nint)row * HiddenSize, at = t * StepSize + inStep, next = at + StepSize;
        return new CellStep
        {
            HiddenSize = HiddenSize,
            Gates = _gates + at * _gateCount,
            PreviousHidden = _hidden + at,
            Hidden = _hidden + next,
            SkippedHidden = _hidden + next - _skip * StepSize,
            PreviousCell = At(_cell, at),
            Cell = At(_cell, next),
            Saved = At(_saved, at),
            Second = At(_second, at),
            DHidden = At(_dHidden, inStep),
            DCell = At(_dCell, inStep),
            DSaved = At(_dSaved, inStep),
            DKept = At(_dKept, (t + 1) % _history * StepSize + inStep),
        };
    }

    static float* At(float* start, nint offset) => start == null ? null : start + offset;

    static float* Start(Tensor? tensor) => tensor is null ? null : tensor.Start;
}
