using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// What <see cref="Attention"/> looks at: the outputs of an encoder, sequence by sequence, with the keys made of them once. A query of one
/// sequence then reads one run of memory.
/// </summary>
public sealed class AttentionMemory
{
    readonly Attention _attention;
    readonly int[] _lengths;
    readonly Tensor _values;
    readonly Tensor? _keys;
    Tensor? _dValues, _dKeys;
    int _steps;

    internal AttentionMemory(Attention attention, int steps, int batchSize)
    {
        Throw.IfNotPositive(steps, nameof(steps));
        Throw.IfNotPositive(batchSize, nameof(batchSize));
        (_attention, TimeSteps, BatchSize) = (attention, steps, batchSize);
        _lengths = new int[batchSize];
        _values = new Tensor(batchSize, steps, attention.MemorySize);
        _keys = attention.Keys is null ? null : new Tensor(batchSize, steps, attention.KeySize);
    }

    /// <summary>S, the most steps of a sequence.</summary>
    public int TimeSteps { get; }

    /// <summary>B, the most sequences.</summary>
    public int BatchSize { get; }

    /// <summary>Steps of a sequence.</summary>
    public int Length(int row) => _lengths[row];

    /// <summary>Takes in what an encoder made.</summary>
    /// <param name="outputs">[S,B,M]</param>
    /// <param name="lengths">[B] steps that count, each 0 to S, or empty: all of them</param>
    public void Read(ReadOnlySpan<float> outputs, ReadOnlySpan<int> lengths)
    {
        int size = _attention.MemorySize;
        _steps = Throw.StepsOf(outputs, BatchSize * size, TimeSteps);
        Throw.IfNotLengths(lengths, BatchSize, _steps);
        Array.Fill(_lengths, _steps);
        lengths.CopyTo(_lengths);
        for (int row = 0; row < BatchSize; row++)
        {
            for (int step = 0; step < _steps; step++)
                outputs.Slice((step * BatchSize + row) * size, size).CopyTo(_values.Span[((row * _steps + step) * size)..]);
        }
        _attention.Keys?.Forward(Used(_values, size), BatchSize * _steps, Used(_keys!, _attention.KeySize));
    }

    /// <summary>[S',M] the steps of a sequence that count.</summary>
    internal Span<float> Values(int row) => Row(_values, _attention.MemorySize, row);

    /// <summary>[S',A] what queries are compared with; empty where there is no query.</summary>
    internal Span<float> Keys(int row) => _attention.Kind == AttentionKind.Mean ? [] : Row(_keys ?? _values, _attention.KeySize, row);

    /// <summary>[S',M]</summary>
    internal Span<float> DValues(int row) => Row(_dValues!, _attention.MemorySize, row);

    /// <summary>[S',A]; that of the values where they are the keys.</summary>
    internal Span<float> DKeys(int row) => Row(_dKeys ?? _dValues!, _attention.KeySize, row);

    /// <summary>Sets the gradients to zero, before the backward pass of those who asked.</summary>
    internal void ClearGradients()
    {
        Used(_dValues ??= new Tensor(_values.Shape), _attention.MemorySize).Clear();
        if (_keys is not null)
            Used(_dKeys ??= new Tensor(_keys.Shape), _attention.KeySize).Clear();
    }

    /// <summary>The gradient of what was read, from those who asked. Adds to the gradients of the keys' weights.</summary>
    /// <param name="dOutputs">[S,B,M] receives it; zero past the end of a sequence</param>
    public void Backward(Span<float> dOutputs)
    {
        int size = _attention.MemorySize, rows = BatchSize * _steps;
        Throw.IfLengthsDiffer(rows * size, dOutputs.Length, nameof(dOutputs));
        if (_attention.Keys is { } keys)
        {
            var dKeys = Used(_dKeys!, _attention.KeySize);
            keys.Backward(Used(_values, size), rows, dKeys, dx: []);
            Gemm.NN(dKeys, keys.Weight.Value.Span, rows, size, _attention.KeySize, accumulate: true, Used(_dValues!, size));
        }
        for (int row = 0; row < BatchSize; row++)
        {
            for (int step = 0; step < _steps; step++)
                _dValues!.Span.Slice((row * _steps + step) * size, size).CopyTo(dOutputs[((step * BatchSize + row) * size)..]);
        }
    }

    Span<float> Used(Tensor tensor, int size) => tensor.Span[..(BatchSize * _steps * size)];

    Span<float> Row(Tensor tensor, int size, int row) => tensor.Span.Slice(row * _steps * size, _lengths[row] * size);
}
