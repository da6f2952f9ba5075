using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Layers;

/// <summary>One step of attention for a batch of queries, each over its own sequence: threads share rows, which have nothing in common.</summary>
static class AttentionRows
{
    // With fewer elements of keys and values to look at, waking a thread costs more than it saves.
    const int WorthSharing = 1 << 13;

    /// <summary>Weights and contexts of queries.</summary>
    /// <param name="attention">how steps are weighted</param>
    /// <param name="memory">what is looked at</param>
    /// <param name="tape">holds the queries of the step and which sequence each is about; receives weights and contexts</param>
    /// <param name="step">of the tape</param>
    public static void Forward(Attention attention, AttentionMemory memory, ContextTape tape, int step)
    {
        var job = new ForwardJob(attention, memory, tape, step);
        ComputeThreads.Run(ref job, Shares(attention, memory, tape));
    }

    /// <summary>
    /// Gradients from those of the contexts, but that of the values: adds to those of the keys, which each row must have to itself, and of v;
    /// sets those of the queries.
    /// </summary>
    public static void Backward(Attention attention, AttentionMemory memory, ContextTape tape, int step)
    {
        if (attention.Kind == AttentionKind.Mean)
            return;
        var job = new BackwardJob(attention, memory, tape, step);
        ComputeThreads.Run(ref job, Shares(attention, memory, tape));
    }

    /// <summary>After all steps: adds to the gradient of the values, which each row must have to itself. Step by step it would be fetched from afar each time.</summary>
    public static void AddValueGradients(Attention attention, AttentionMemory memory, ContextTape tape, int steps)
    {
        var job = new ValuesJob(attention, memory, tape, steps);
        ComputeThreads.Run(ref job, Shares(attention, memory, tape));
    }

    static int Shares(Attention attention, AttentionMemory memory, ContextTape tape)
    {
        long elements = 0;
        for (int row = 0; row < tape.BatchSize; row++)
            elements += memory.Length(tape.Sources[row]);
        return elements * (attention.KeySize + attention.MemorySize) < WorthSharing ? 1 : tape.BatchSize;
    }

    readonly struct ForwardJob(Attention attention, AttentionMemory memory, ContextTape tape, int step) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(tape.BatchSize, thread, threads);
            for (int row = from; row < to; row++)
                Row(row, tape.Sources[row]);
        }

        void Row(int row, int source)
        {
            int length = memory.Length(source), size = attention.MemorySize;
            var all = tape.WeightsOf(step, row);
            var weights = all[..length];
            all[length..].Clear();
            Weigh(row, source, weights);
            var context = Of(tape.Contexts, step, row);
            context.Clear();
            var values = memory.Values(source);
            for (int j = 0; j < length; j++)
                VectorKernel.MultiplyAdd(values.Slice(j * size, size), weights[j], context);
        }

        void Weigh(int row, int source, Span<float> weights)
        {
            if (attention.Kind == AttentionKind.Mean)
            {
                weights.Fill(1f / weights.Length);
                return;
            }
            var keys = memory.Keys(source);
            var query = Of(tape.Queries!, step, row);
            if (attention.Kind == AttentionKind.Additive)
                AttentionKernel.AdditiveScores(keys, query, attention.Score!.Value.Span, weights);
            for (int j = 0; j < weights.Length && attention.Kind == AttentionKind.Dot; j++)
                weights[j] = VectorKernel.Dot(keys.Slice(j * query.Length, query.Length), query);
            SoftmaxKernel.Softmax(weights);
        }
    }

    readonly struct BackwardJob(Attention attention, AttentionMemory memory, ContextTape tape, int step) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(tape.BatchSize, thread, threads);
            for (int row = from; row < to; row++)
                Row(row, tape.Sources[row]);
        }

        void Row(int row, int source)
        {
            int length = memory.Length(source), size = attention.MemorySize;
            var weights = tape.WeightsOf(step, row)[..length];
            Span<float> dContext = Of(tape.DContexts, step, row), values = memory.Values(source);

            // Through the softmax: ds[j] = a[j] (da[j] - sum over k of a[k] da[k]).
            var dScores = tape.DScores.Row(row)[..length];
            float mean = 0;
            for (int j = 0; j < length; j++)
            {
                dScores[j] = VectorKernel.Dot(dContext, values.Slice(j * size, size));
                mean += weights[j] * dScores[j];
            }
            for (int j = 0; j < length; j++)
                dScores[j] = weights[j] * (dScores[j] - mean);
            ScoresBackward(row, source, dScores);
        }

        void ScoresBackward(int row, int source, ReadOnlySpan<float> dScores)
        {
            Span<float> keys = memory.Keys(source), dKeys = memory.DKeys(source);
            Span<float> query = Of(tape.Queries!, step, row), dQuery = Of(tape.DQueries!, step, row);
            dQuery.Clear();
            if (attention.Kind == AttentionKind.Additive)
                AttentionKernel.AdditiveScoresBackward(keys, query, attention.Score!.Value.Span, dScores, dKeys, dQuery, tape.DScoreWeights!.Row(row));
            for (int j = 0; j < dScores.Length && attention.Kind == AttentionKind.Dot; j++)
            {
                VectorKernel.MultiplyAdd(keys.Slice(j * query.Length, query.Length), dScores[j], dQuery);
                VectorKernel.MultiplyAdd(query, dScores[j], dKeys.Slice(j * query.Length, query.Length));
            }
        }
    }

    readonly struct ValuesJob(Attention attention, AttentionMemory memory, ContextTape tape, int steps) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(tape.BatchSize, thread, threads);
            int size = attention.MemorySize;
            for (int row = from; row < to; row++)
            {
                int source = tape.Sources[row], length = memory.Length(source);
                var dValues = memory.DValues(source);
                for (int j = 0; j < length; j++)
                {
                    for (int step = steps - 1; step >= 0; step--)
                        VectorKernel.MultiplyAdd(Of(tape.DContexts, step, row), tape.WeightsOf(step, row)[j], dValues.Slice(j * size, size));
                }
            }
        }
    }

    /// <summary>A row of a step of [T,B,*].</summary>
    static Span<float> Of(Tensor tensor, int step, int row)
    {
        int size = tensor.Shape[2];
        return tensor.Row(step).Slice(row * size, size);
    }
}
