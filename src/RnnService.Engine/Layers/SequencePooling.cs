using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// One vector for each row of a sequence: many to one. Steps past a row's length do not count; a row of length 0 gives zeros. O = D*H is
/// the size of an output of the stack.
/// </summary>
/// <param name="kind">which vector</param>
/// <param name="options">of the stack whose outputs are pooled</param>
public sealed class SequencePooling(PoolingKind kind, RecurrentOptions options)
{
    // Columns whose largest elements are looked for together, step by step: a few cache lines of each row.
    const int Strip = 64;

    readonly int _hiddenSize = kind == PoolingKind.Attention
        ? throw new ArgumentException($"{kind} has weights, see {nameof(AttentionPooling)}; expected another kind.", nameof(kind))
        : options.HiddenSize;
    readonly int _size = options.Bidirectional ? 2 * options.HiddenSize : options.HiddenSize;

    /// <summary>Which vector.</summary>
    public PoolingKind Kind => kind;

    /// <param name="x">[T,B,O]</param>
    /// <param name="lengths">[B], each 0 to T, or empty: all of T</param>
    /// <param name="batchSize">B</param>
    /// <param name="output">[B,O]</param>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, int batchSize, Span<float> output)
    {
        int steps = StepsOf(x, lengths, batchSize, output.Length, nameof(output));
        output.Clear();
        for (int row = 0; row < batchSize; row++)
        {
            int length = lengths.IsEmpty ? steps : lengths[row];
            if (length > 0)
                Forward(x[(row * _size)..], length, batchSize * _size, output.Slice(row * _size, _size));
        }
    }

    /// <summary>The gradient of every step's outputs: zero where they did not count. Of equal largest elements the first one counts.</summary>
    /// <param name="x">[T,B,O] as in the forward pass</param>
    /// <param name="lengths">[B] as in the forward pass, or empty</param>
    /// <param name="batchSize">B</param>
    /// <param name="dOutput">[B,O]</param>
    /// <param name="dx">[T,B,O]</param>
    public void Backward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, int batchSize, ReadOnlySpan<float> dOutput, Span<float> dx)
    {
        int steps = StepsOf(x, lengths, batchSize, dOutput.Length, nameof(dOutput));
        Throw.IfLengthsDiffer(x.Length, dx.Length, nameof(dx));
        dx.Clear();
        for (int row = 0; row < batchSize; row++)
        {
            int length = lengths.IsEmpty ? steps : lengths[row], at = row * _size;
            if (length > 0)
                Backward(x[at..], length, batchSize * _size, dOutput.Slice(at, _size), dx[at..]);
        }
    }

    /// <summary>One row, whose steps are <paramref name="stride"/> elements apart.</summary>
    void Forward(ReadOnlySpan<float> x, int length, int stride, Span<float> pooled)
    {
        switch (kind)
        {
            case PoolingKind.Last:
                x.Slice((length - 1) * stride, _hiddenSize).CopyTo(pooled);
                x[_hiddenSize.._size].CopyTo(pooled[_hiddenSize..]);
                break;
            case PoolingKind.Mean:
                for (int t = 0; t < length; t++)
                    VectorKernel.Add(x.Slice(t * stride, _size), pooled);
                VectorKernel.Scale(pooled, 1f / length, pooled);
                break;
            case PoolingKind.Max:
                x[.._size].CopyTo(pooled);
                for (int t = 1; t < length; t++)
                    VectorKernel.Max(x.Slice(t * stride, _size), pooled);
                break;
        }
    }

    void Backward(ReadOnlySpan<float> x, int length, int stride, ReadOnlySpan<float> dPooled, Span<float> dx)
    {
        switch (kind)
        {
            case PoolingKind.Last:
                dPooled[.._hiddenSize].CopyTo(dx[((length - 1) * stride)..]);
                dPooled[_hiddenSize..].CopyTo(dx[_hiddenSize..]);
                break;
            case PoolingKind.Mean:
                for (int t = 0; t < length; t++)
                    VectorKernel.Scale(dPooled, 1f / length, dx.Slice(t * stride, _size));
                break;
            case PoolingKind.Max:
                for (int from = 0; from < _size; from += Strip)
                    LargestBackward(x[from..], length, stride, dPooled[from..Math.Min(_size, from + Strip)], dx[from..]);
                break;
        }
    }

    static void LargestBackward(ReadOnlySpan<float> x, int length, int stride, ReadOnlySpan<float> dPooled, Span<float> dx)
    {
        Span<int> largest = stackalloc int[dPooled.Length];
        largest.Clear();
        for (int t = 1; t < length; t++)
        {
            for (int column = 0; column < largest.Length; column++)
            {
                if (x[t * stride + column] > x[largest[column] * stride + column])
                    largest[column] = t;
            }
        }
        for (int column = 0; column < largest.Length; column++)
            dx[largest[column] * stride + column] = dPooled[column];
    }

    int StepsOf(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, int batchSize, int pooledLength, string what)
    {
        Throw.IfNotPositive(batchSize, nameof(batchSize));
        Throw.IfLengthsDiffer(batchSize * _size, pooledLength, what);
        int steps = Throw.StepsOf(x, batchSize * _size, int.MaxValue);
        Throw.IfNotLengths(lengths, batchSize, steps);
        return steps;
    }
}
