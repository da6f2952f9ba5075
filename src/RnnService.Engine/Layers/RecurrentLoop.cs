using RnnService.Engine.Kernels;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Layers;

/// <summary>
/// The loop over time of a recurrent layer. Each thread owns a range of units for the whole sequence: their columns of every gate, which
/// stay in its cache, and their part of the states. Threads meet where what a product multiplies is complete: once a step, twice where the
/// cell has a second product.
/// </summary>
static unsafe class RecurrentLoop
{
    // With fewer products in a step, meeting other threads costs more than sharing saves.
    const int WorthSharing = 1 << 15;

    /// <summary>Adds the recurrent products to the sums of a step and takes the step, for the steps [from, to) in order.</summary>
    /// <param name="first">[H,F*H], a group for each gate of the first product</param>
    /// <param name="second">[H,H] of the second product; null for a cell without one</param>
    /// <param name="lengths">[B] or empty</param>
    /// <param name="from">first step to take</param>
    /// <param name="to">step after the last one</param>
    /// <param name="tape">holds what the products are added to</param>
    public static void Forward(PackedWeights first, PackedWeights? second, ReadOnlySpan<int> lengths, int from, int to, RecurrentTape tape)
    {
        fixed (int* lengthsPointer = lengths)
        {
            var job = new ForwardJob(tape.Layout, first, second, from, to, new RecurrentMemory(tape, from, lengthsPointer));
            ComputeThreads.Run(ref job, Shares(first, tape.BatchSize, first.PanelsPerGroup));
        }
        GC.KeepAlive(tape);
    }

    /// <summary>Turns the gates of the steps [from, to) into the gradients of their sums, from the last step to the first.</summary>
    /// <param name="first">[F*H,H]</param>
    /// <param name="second">[H,H], not transposed; null for a cell without a second product</param>
    /// <param name="lengths">[B] or empty</param>
    /// <param name="from">first step</param>
    /// <param name="to">step after the last one</param>
    /// <param name="dOutput">[T,B,H]</param>
    /// <param name="tape">of the forward pass</param>
    /// <param name="dState">gradient of the state after these steps; receives that of the one before them</param>
    public static void Backward(
        PackedWeights first, PackedWeights? second, ReadOnlySpan<int> lengths, int from, int to, ReadOnlySpan<float> dOutput, RecurrentTape tape,
        LayerState dState)
    {
        fixed (float* dOutputPointer = dOutput)
        fixed (int* lengthsPointer = lengths)
        {
            var job = new BackwardJob(tape.Layout, first, second, from, to, new RecurrentMemory(tape, from, lengthsPointer, dState), dOutputPointer);
            ComputeThreads.Run(ref job, Shares(first, tape.BatchSize, first.PanelCount));
        }
        GC.KeepAlive(tape);
        GC.KeepAlive(dState);
    }

    static int Shares(PackedWeights weights, int batchSize, int panels) =>
        (long)weights.Rows * weights.Columns * batchSize < WorthSharing ? 1 : panels;

    static Span<float> Units(float* vector, int from, int to) => new(vector + from, to - from);

    readonly struct ForwardJob(
        RecurrentCell cell, PackedWeights first, PackedWeights? second, int firstStep, int endStep, RecurrentMemory memory) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            int batch = memory.BatchSize, size = memory.HiddenSize, gateSize = memory.GateSize;
            var (panelFrom, panelTo) = ComputeThreads.Share(first.PanelsPerGroup, thread, threads);
            int from = panelFrom * first.PanelWidth, to = Math.Min(size, panelTo * first.PanelWidth);
            for (int t = firstStep; t < endStep; t++)
            {
                float* gates = memory.Gates(t);
                first.MultiplyGroups(memory.Hidden(t), size, batch, panelFrom, panelTo, gates, gateSize, gates, gateSize);
                for (int row = 0; row < batch; row++)
                {
                    if (!memory.IsPast(t, row))
                        cell.Forward(memory.Step(t, row), from, to);
                }
                if (second is not null)
                {
                    ComputeThreads.Synchronize(threads);
                    float* sums = memory.Second(t);
                    second.MultiplyPanels(memory.Saved(t), size, batch, panelFrom, panelTo, sums, size, sums, size);
                    for (int row = 0; row < batch; row++)
                    {
                        if (!memory.IsPast(t, row))
                            cell.ForwardSecond(memory.Step(t, row), from, to);
                    }
                }
                for (int row = 0; row < batch; row++)
                    Finish(t, row, from, to);
                ComputeThreads.Synchronize(threads);
            }
        }

        void Finish(int t, int row, int from, int to)
        {
            if (!memory.IsPast(t, row))
            {
                if (cell.Connections.Exist)
                    cell.Connections.Forward(memory.Step(t, row), from, to);
                return;
            }
            var step = memory.Step(t, row);
            Units(step.PreviousHidden, from, to).CopyTo(Units(step.Hidden, from, to));
            if (step.Cell != null)
                Units(step.PreviousCell, from, to).CopyTo(Units(step.Cell, from, to));
        }
    }

    readonly struct BackwardJob(
        RecurrentCell cell, PackedWeights first, PackedWeights? second, int firstStep, int endStep, RecurrentMemory memory, float* dOutput) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            int batch = memory.BatchSize, size = memory.HiddenSize;
            var (panelFrom, panelTo) = ComputeThreads.Share(first.PanelCount, thread, threads);
            int from = panelFrom * first.PanelWidth, to = Math.Min(size, panelTo * first.PanelWidth);
            for (int t = endStep - 1; t >= firstStep; t--)
            {
                for (int row = 0; row < batch; row++)
                    Begin(t, row, from, to);
                if (second is not null)
                {
                    for (int row = 0; row < batch; row++)
                    {
                        if (!memory.IsPast(t, row))
                            cell.BackwardSecond(memory.Step(t, row), from, to);
                    }
                    ComputeThreads.Synchronize(threads);
                    second.MultiplyPanels(memory.Second(t), size, batch, panelFrom, panelTo, null, 0, memory.DSaved, size);
                }
                for (int row = 0; row < batch; row++)
                    Finish(t, row, from, to);
                ComputeThreads.Synchronize(threads);
                // Adds to what reaches h[t-1] without passing the product: all of it where the row carried its state.
                first.MultiplyPanels(memory.Gates(t), memory.GateSize, batch, panelFrom, panelTo, memory.DHidden, size, memory.DHidden, size);
            }
            for (int row = 0; row < batch && cell.Connections.Exist && firstStep == 0; row++)
                cell.Connections.BackwardToStart(memory.Step(-1, row), from, to);
        }

        /// <summary>Gathers the gradient of h[t]; a step that a row did not take has none of its own.</summary>
        void Begin(int t, int row, int from, int to)
        {
            var step = memory.Step(t, row);
            nint at = ((nint)t * memory.BatchSize + row) * memory.HiddenSize;
            bool isPast = memory.IsPast(t, row), isConnected = !isPast && cell.Connections.Exist;
            VectorKernel.Add(Units(dOutput + at, from, to), Units(step.DHidden, from, to));
            if (isConnected)
                cell.Connections.BackwardGather(step, from, to);
            if (memory.DHiddenSteps != null)
                Units(step.DHidden, from, to).CopyTo(Units(memory.DHiddenSteps + at, from, to));
            if (isConnected)
                cell.Connections.BackwardToCell(step, from, to);
            if (!isPast)
                return;
            for (int gate = 0; gate < cell.GateCount; gate++)
                Units(step.Gate(gate), from, to).Clear();
            if (step.Saved != null)
                Units(step.Saved, from, to).Clear();
            if (step.Second != null)
                Units(step.Second, from, to).Clear();
        }

        void Finish(int t, int row, int from, int to)
        {
            if (memory.IsPast(t, row))
                return;
            var step = memory.Step(t, row);
            cell.Backward(step, from, to);
            if (cell.Connections.Exist)
                cell.Connections.BackwardPastCell(step, from, to);
        }
    }
}
