using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Losses;

/// <summary>
/// The output layer with its loss in one: logits, softmax, cross-entropy and all gradients, block of rows by block of rows, so that no more
/// than one [rows,V] block exists; the logits become their own gradient in place.
/// </summary>
/// <param name="output">the layer that makes logits [N,V] from x [N,I]</param>
public sealed class SoftmaxCrossEntropy(Linear output)
{
    // 48 MiB of logits: most batches in one go, which packs the weights and writes their gradient once.
    const int BlockElements = 3 << 22;

    readonly int _blockRows = Math.Max(1, BlockElements / output.OutputSize);
    Tensor _logits = new(0);
    float[] _losses = [];

    /// <summary>The loss of N rows, and the gradients of its mean over the rows that count.</summary>
    /// <param name="x">[N,I]</param>
    /// <param name="targets">[N] token ids; a row with a negative one does not count</param>
    /// <param name="dx">[N,I] receives the gradient of x</param>
    /// <param name="labelSmoothing">ε, 0 (inclusive) to 1 (exclusive): how much of a target's probability goes to all tokens alike (Szegedy et al. 2016)</param>
    /// <exception cref="ArgumentOutOfRangeException">a target is V or more</exception>
    public LossSum ForwardBackward(ReadOnlySpan<float> x, ReadOnlySpan<int> targets, Span<float> dx, double labelSmoothing = 0)
    {
        Throw.IfNotFraction(labelSmoothing, nameof(labelSmoothing));
        long counted = Count(targets);
        return Run(x, targets, counted == 0 ? 0f : 1f / counted, (float)labelSmoothing, dx);
    }

    /// <summary>The loss of N rows. <see cref="Linear.Pack"/> must have been called, here and above.</summary>
    public LossSum Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> targets) => Run(x, targets, null, 0f, []);

    LossSum Run(ReadOnlySpan<float> x, ReadOnlySpan<int> targets, float? gradientScale, float smoothing, Span<float> dx)
    {
        int inputSize = output.InputSize, vocabularySize = output.OutputSize;
        Throw.IfLengthsDiffer(targets.Length * inputSize, x.Length, nameof(x));
        CheckTargets(targets, vocabularySize);
        double nats = 0;
        for (int from = 0; from < targets.Length; from += _blockRows)
        {
            int rows = Math.Min(_blockRows, targets.Length - from);
            var blockX = x.Slice(from * inputSize, rows * inputSize);
            var logits = Logits(rows);
            output.Forward(blockX, rows, logits);
            nats += Losses(logits, targets.Slice(from, rows), gradientScale, smoothing, vocabularySize);
            if (gradientScale is not null)
                output.Backward(blockX, rows, logits, dx.Slice(from * inputSize, rows * inputSize));
        }
        return new LossSum(nats, Count(targets));
    }

    Span<float> Logits(int rows)
    {
        int length = rows * output.OutputSize;
        if (_logits.Length < length)
            _logits = new Tensor(length);
        return _logits.Span[..length];
    }

    unsafe double Losses(Span<float> logits, ReadOnlySpan<int> targets, float? gradientScale, float smoothing, int vocabularySize)
    {
        if (_losses.Length < targets.Length)
            _losses = new float[targets.Length];
        fixed (float* logitsPointer = logits, lossesPointer = _losses)
        fixed (int* targetsPointer = targets)
        {
            var job = new RowsJob(logitsPointer, targetsPointer, targets.Length, vocabularySize, gradientScale, smoothing, lossesPointer);
            ComputeThreads.Run(ref job, targets.Length);
        }
        double sum = 0;
        foreach (float loss in _losses.AsSpan(0, targets.Length))
            sum += loss;
        return sum;
    }

    static void CheckTargets(ReadOnlySpan<int> targets, int vocabularySize)
    {
        for (int index = 0; index < targets.Length; index++)
        {
            if (targets[index] >= vocabularySize)
                throw new ArgumentOutOfRangeException(nameof(targets), targets[index], $"target {targets[index]} at {index}: expected below {vocabularySize}.");
        }
    }

    static long Count(ReadOnlySpan<int> targets)
    {
        long count = 0;
        foreach (int target in targets)
            count += target >= 0 ? 1 : 0;
        return count;
    }

    readonly unsafe struct RowsJob(float* logits, int* targets, int rows, int vocabularySize, float? gradientScale, float smoothing, float* losses)
        : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(rows, thread, threads);
            for (int index = from; index < to; index++)
            {
                var row = new Span<float>(logits + (nint)index * vocabularySize, vocabularySize);
                losses[index] = gradientScale is { } scale
                    ? SoftmaxKernel.SoftmaxCrossEntropy(targets[index], scale, row, smoothing)
                    : SoftmaxKernel.CrossEntropy(row, targets[index]);
            }
        }
    }
}
