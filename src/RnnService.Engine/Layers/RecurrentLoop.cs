using RnnService.Engine.Kernels;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Layers;

/// <summary>
/// The loop over time of a recurrent layer. Each thread owns a range of units for the whole sequence: their columns of every gate, which
/// stay in its cache, and their part of the states. Threads meet once a step, where the new hidden state (or the gate gradients) is complete.
/// </summary>
static unsafe class RecurrentLoop
{
    // With fewer products in a step, meeting other threads costs more than sharing saves.
    const int WorthSharing = 1 << 15;

    /// <summary>Adds h[t-1]·W_hhᵀ to the gates of step t and takes the step, for all steps in order.</summary>
    public static void Forward(RecurrentCell cell, PackedMatrix hiddenWeights, ReadOnlySpan<int> lengths, int steps, RecurrentTape tape)
    {
        fixed (float* gates = tape.Gates.Span, hidden = tape.Hidden.Span, cellState = SpanOf(tape.Cell), saved = SpanOf(tape.Saved))
        fixed (int* lengthsPointer = lengths)
        {
            var memory = new Memory(cell.GateCount, tape.BatchSize, hiddenWeights.Rows, lengthsPointer, gates, hidden, cellState, saved);
            var job = new ForwardJob(cell, hiddenWeights, steps, memory);
            ComputeThreads.Run(ref job, Shares(hiddenWeights, tape.BatchSize, hiddenWeights.PanelsPerGroup));
        }
    }

    /// <summary>Turns the gates of each step into the gradients of their sums, from the last step to the first.</summary>
    /// <param name="cell">of the layer</param>
    /// <param name="hiddenWeights">[G*H,H]</param>
    /// <param name="lengths">[B] or empty</param>
    /// <param name="steps">of the forward pass</param>
    /// <param name="dOutput">[steps,B,H]</param>
    /// <param name="tape">of the forward pass</param>
    /// <param name="dState">gradient of the last state; receives that of the initial one</param>
    public static void Backward(
        RecurrentCell cell, PackedMatrix hiddenWeights, ReadOnlySpan<int> lengths, int steps, ReadOnlySpan<float> dOutput, RecurrentTape tape, LayerState dState)
    {
        fixed (float* gates = tape.Gates.Span, hidden = tape.Hidden.Span, cellState = SpanOf(tape.Cell), saved = SpanOf(tape.Saved))
        fixed (float* dOutputPointer = dOutput, dHidden = dState.Hidden.Span, dCell = SpanOf(dState.Cell), dHiddenSteps = SpanOf(tape.HiddenGradients))
        fixed (int* lengthsPointer = lengths)
        {
            var memory = new Memory(cell.GateCount, tape.BatchSize, hiddenWeights.Columns, lengthsPointer, gates, hidden, cellState, saved);
            var job = new BackwardJob(cell, hiddenWeights, steps, memory, dOutputPointer, dHidden, dCell, dHiddenSteps);
            ComputeThreads.Run(ref job, Shares(hiddenWeights, tape.BatchSize, hiddenWeights.PanelCount));
        }
    }

    static int Shares(PackedMatrix weights, int batchSize, int panels) =>
        (long)weights.Rows * weights.Columns * batchSize < WorthSharing ? 1 : panels;

    static Span<float> SpanOf(Tensors.Tensor? tensor) => tensor is null ? [] : tensor.Span;

    /// <summary>The tape while it is pinned.</summary>
    readonly struct Memory(int gateCount, int batchSize, int hiddenSize, int* lengths, float* gates, float* hidden, float* cell, float* saved)
    {
        public int BatchSize => batchSize;

        public int HiddenSize => hiddenSize;

        public int GateSize => gateCount * hiddenSize;

        public float* Gates(int t) => gates + (nint)t * batchSize * GateSize;

        public float* Hidden(int slot) => hidden + (nint)slot * batchSize * hiddenSize;

        public bool IsPast(int t, int row) => lengths != null && t >= lengths[row];

        public CellStep Step(int t, int row, float* dHidden = null, float* dCell = null)
        {
            nint at = ((nint)t * batchSize + row) * hiddenSize, next = at + (nint)batchSize * hiddenSize, inRow = (nint)row * hiddenSize;
            return new CellStep
            {
                HiddenSize = hiddenSize,
                Gates = gates + at * gateCount,
                PreviousHidden = hidden + at,
                Hidden = hidden + next,
                PreviousCell = At(cell, at),
                Cell = At(cell, next),
                Saved = At(saved, at),
                DHidden = At(dHidden, inRow),
                DCell = At(dCell, inRow),
            };
        }

        static float* At(float* start, nint offset) => start == null ? null : start + offset;
    }

    readonly struct ForwardJob(RecurrentCell cell, PackedMatrix weights, int steps, Memory memory) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (panelFrom, panelTo) = ComputeThreads.Share(weights.PanelsPerGroup, thread, threads);
            int unitFrom = panelFrom * weights.PanelWidth, unitTo = Math.Min(memory.HiddenSize, panelTo * weights.PanelWidth);
            for (int t = 0; t < steps; t++)
            {
                float* gates = memory.Gates(t);
                for (int gate = 0; gate < weights.Groups; gate++)
                {
                    int first = gate * weights.PanelsPerGroup;
                    weights.MultiplyPanels(
                        memory.Hidden(t), memory.HiddenSize, memory.BatchSize, first + panelFrom, first + panelTo, gates, memory.GateSize, gates, memory.GateSize);
                }
                for (int row = 0; row < memory.BatchSize; row++)
                    Step(t, row, unitFrom, unitTo);
                ComputeThreads.Synchronize(threads);
            }
        }

        void Step(int t, int row, int unitFrom, int unitTo)
        {
            var step = memory.Step(t, row);
            if (!memory.IsPast(t, row))
            {
                cell.Forward(step, unitFrom, unitTo);
                return;
            }
            Copy(step.PreviousHidden, unitFrom, unitTo, step.Hidden);
            if (step.Cell != null)
                Copy(step.PreviousCell, unitFrom, unitTo, step.Cell);
        }

        static void Copy(float* source, int from, int to, float* destination) =>
            new ReadOnlySpan<float>(source + from, to - from).CopyTo(new Span<float>(destination + from, to - from));
    }

    readonly struct BackwardJob(RecurrentCell cell, PackedMatrix weights, int steps, Memory memory, float* dOutput, float* dHidden, float* dCell, float* dHiddenSteps)
        : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (panelFrom, panelTo) = ComputeThreads.Share(weights.PanelCount, thread, threads);
            int unitFrom = panelFrom * weights.PanelWidth, unitTo = Math.Min(memory.HiddenSize, panelTo * weights.PanelWidth);
            for (int t = steps - 1; t >= 0; t--)
            {
                for (int row = 0; row < memory.BatchSize; row++)
                    Step(t, row, unitFrom, unitTo);
                ComputeThreads.Synchronize(threads);
                weights.MultiplyPanels(
                    memory.Gates(t), memory.GateSize, memory.BatchSize, panelFrom, panelTo, dHidden, memory.HiddenSize, dHidden, memory.HiddenSize);
            }
        }

        /// <summary>Leaves in dHidden what reaches h[t-1] without passing the product: all of it where the row carried its state.</summary>
        void Step(int t, int row, int unitFrom, int unitTo)
        {
            int count = unitTo - unitFrom;
            var step = memory.Step(t, row, dHidden, dCell);
            nint at = ((nint)t * memory.BatchSize + row) * memory.HiddenSize;
            VectorKernel.Add(new ReadOnlySpan<float>(dOutput + at + unitFrom, count), new Span<float>(step.DHidden + unitFrom, count));
            if (dHiddenSteps != null)
                new ReadOnlySpan<float>(step.DHidden + unitFrom, count).CopyTo(new Span<float>(dHiddenSteps + at + unitFrom, count));
            if (!memory.IsPast(t, row))
            {
                cell.Backward(step, unitFrom, unitTo);
                return;
            }
            for (int gate = 0; gate < cell.GateCount; gate++)
                new Span<float>(step.Gate(gate) + unitFrom, count).Clear();
            if (step.Saved != null)
                new Span<float>(step.Saved + unitFrom, count).Clear();
        }
    }
}
