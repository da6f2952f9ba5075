using RnnService.Engine.Kernels;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Layers;

/// <summary>
/// The loop over time of an LSTM layer. Each thread owns a range of units for the whole sequence: their columns of every gate, which stay in
/// its cache, and their part of the states. Threads meet once a step, where the new hidden state (or the gate gradients) is complete.
/// </summary>
static unsafe class LstmRecurrence
{
    // With fewer products in a step, meeting other threads costs more than sharing saves.
    const int WorthSharing = 1 << 15;

    /// <summary>Adds h[t-1]·W_hhᵀ to the gates of step t and takes the step, for all steps in order.</summary>
    public static void Forward(PackedMatrix hiddenWeights, ReadOnlySpan<int> lengths, int steps, LstmTape tape)
    {
        fixed (float* gates = tape.Gates.Span, hidden = tape.Hidden.Span, cell = tape.Cell.Span, cellTanh = tape.CellTanh.Span)
        fixed (int* lengthsPointer = lengths)
        {
            var job = new ForwardJob(hiddenWeights, lengthsPointer, steps, tape.BatchSize, gates, hidden, cell, cellTanh);
            ComputeThreads.Run(ref job, Shares(hiddenWeights, tape.BatchSize, hiddenWeights.PanelsPerGroup));
        }
    }

    /// <summary>Turns the gates of each step into the gradients of their sums, from the last step to the first.</summary>
    public static void Backward(
        PackedMatrix hiddenWeights, ReadOnlySpan<int> lengths, int steps, ReadOnlySpan<float> dOutput, LstmTape tape, Span<float> dHidden, Span<float> dCell)
    {
        fixed (float* gates = tape.Gates.Span, cell = tape.Cell.Span, cellTanh = tape.CellTanh.Span)
        fixed (float* dOutputPointer = dOutput, dHiddenPointer = dHidden, dCellPointer = dCell)
        fixed (int* lengthsPointer = lengths)
        {
            var job = new BackwardJob(
                hiddenWeights, lengthsPointer, steps, tape.BatchSize, gates, cell, cellTanh, dOutputPointer, dHiddenPointer, dCellPointer);
            ComputeThreads.Run(ref job, Shares(hiddenWeights, tape.BatchSize, hiddenWeights.PanelCount));
        }
    }

    static int Shares(PackedMatrix weights, int batchSize, int panels) =>
        (long)weights.Rows * weights.Columns * batchSize < WorthSharing ? 1 : panels;

    readonly struct ForwardJob(
        PackedMatrix weights, int* lengths, int steps, int batchSize, float* gates, float* hidden, float* cell, float* cellTanh) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            int hiddenSize = weights.Rows, gateCount = weights.Columns;
            var (panelFrom, panelTo) = ComputeThreads.Share(weights.PanelsPerGroup, thread, threads);
            int unitFrom = panelFrom * weights.PanelWidth, unitTo = Math.Min(hiddenSize, panelTo * weights.PanelWidth);
            for (int t = 0; t < steps; t++)
            {
                float* stepGates = gates + (nint)t * batchSize * gateCount;
                float* previous = hidden + (nint)t * batchSize * hiddenSize;
                for (int gate = 0; gate < weights.Groups; gate++)
                {
                    int first = gate * weights.PanelsPerGroup;
                    weights.MultiplyPanels(
                        previous, hiddenSize, batchSize, first + panelFrom, first + panelTo, stepGates, gateCount, stepGates, gateCount);
                }
                for (int row = 0; row < batchSize; row++)
                    Step(t, row, unitFrom, unitTo);
                ComputeThreads.Synchronize(threads);
            }
        }

        void Step(int t, int row, int unitFrom, int unitTo)
        {
            int hiddenSize = weights.Rows;
            nint at = ((nint)t * batchSize + row) * hiddenSize, next = at + (nint)batchSize * hiddenSize;
            if (lengths != null && t >= lengths[row])
            {
                Copy(hidden + at, unitFrom, unitTo, hidden + next);
                Copy(cell + at, unitFrom, unitTo, cell + next);
                return;
            }
            LstmCellKernel.Forward(
                gates + at * GateOrder.LstmGates, cell + at, hiddenSize, unitFrom, unitTo, cell + next, cellTanh + at, hidden + next);
        }
    }

    readonly struct BackwardJob(
        PackedMatrix weights, int* lengths, int steps, int batchSize, float* gates, float* cell, float* cellTanh, float* dOutput, float* dHidden,
        float* dCell) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            int hiddenSize = weights.Columns, gateCount = weights.Rows;
            var (panelFrom, panelTo) = ComputeThreads.Share(weights.PanelCount, thread, threads);
            int unitFrom = panelFrom * weights.PanelWidth, unitTo = Math.Min(hiddenSize, panelTo * weights.PanelWidth);
            for (int t = steps - 1; t >= 0; t--)
            {
                for (int row = 0; row < batchSize; row++)
                    Step(t, row, unitFrom, unitTo);
                ComputeThreads.Synchronize(threads);
                float* dGates = gates + (nint)t * batchSize * gateCount;
                weights.MultiplyPanels(dGates, gateCount, batchSize, panelFrom, panelTo, dHidden, hiddenSize, dHidden, hiddenSize);
            }
        }

        /// <summary>Leaves in dHidden what reaches h[t-1] without passing the gates: nothing, or all of it where the row carried its state.</summary>
        void Step(int t, int row, int unitFrom, int unitTo)
        {
            int hiddenSize = weights.Columns;
            nint at = ((nint)t * batchSize + row) * hiddenSize;
            float* rowGates = gates + at * GateOrder.LstmGates;
            float* dRow = dHidden + (nint)row * hiddenSize;
            var range = new Span<float>(dRow + unitFrom, unitTo - unitFrom);
            VectorKernel.Add(new ReadOnlySpan<float>(dOutput + at + unitFrom, range.Length), range);
            if (lengths != null && t >= lengths[row])
            {
                for (int gate = 0; gate < GateOrder.LstmGates; gate++)
                    new Span<float>(rowGates + gate * hiddenSize + unitFrom, range.Length).Clear();
                return;
            }
            LstmCellKernel.Backward(rowGates, cell + at, cellTanh + at, dRow, hiddenSize, unitFrom, unitTo, dCell + (nint)row * hiddenSize);
            range.Clear();
        }
    }

    static void Copy(float* source, int from, int to, float* destination) =>
        new ReadOnlySpan<float>(source + from, to - from).CopyTo(new Span<float>(destination + from, to - from));
}
