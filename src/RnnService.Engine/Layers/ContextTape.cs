using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// What the contexts of a decoder's pass are made of and kept in. Given to <see cref="RecurrentStack.Forward"/> and its backward pass, whose
/// first layer calls it step by step. Memory that only the backward pass needs is made at first use.
/// </summary>
public sealed class ContextTape
{
    readonly ContextInput _input;
    readonly int _timeSteps;
    readonly Tensor _weights;
    readonly int[] _sources;
    AttentionMemory? _memory;
    Tensor? _dContexts, _dQueries, _dScores, _dScoreWeights;

    internal ContextTape(ContextInput input, int timeSteps, int batchSize, int sourceSteps)
    {
        var attention = input.Attention;
        (_input, _timeSteps, BatchSize, SourceSteps) = (input, timeSteps, batchSize, sourceSteps);
        Contexts = new Tensor(timeSteps, batchSize, attention.MemorySize);
        Queries = attention.Query is null ? null : new Tensor(timeSteps, batchSize, attention.KeySize);
        _weights = new Tensor(timeSteps, batchSize, sourceSteps);
        _sources = [.. Enumerable.Range(0, batchSize)];
    }

    /// <summary>N, rows of the decoder.</summary>
    public int BatchSize { get; }

    /// <summary>S, the most steps of a sequence that is looked at.</summary>
    public int SourceSteps { get; }

    /// <summary>[T,N,M] the context of each step.</summary>
    public Tensor Contexts { get; }

    /// <summary>[T,N,M] the gradient of what reads <see cref="Contexts"/> beside the first layer, to be set before the backward pass, which adds its own.</summary>
    public Tensor DContexts => _dContexts ??= new Tensor(Contexts.Shape);

    /// <summary>[N] the sequence of the memory that each row looks at; at first its own number. A backward pass needs one for each row.</summary>
    public Span<int> Sources => _sources;

    /// <summary>[T,N,A]; null where there is no query.</summary>
    internal Tensor? Queries { get; }

    /// <summary>[T,N,A]; null where there is no query.</summary>
    internal Tensor? DQueries => Queries is null ? null : _dQueries ??= new Tensor(Queries.Shape);

    /// <summary>[N,S] gradient of the scores of a step.</summary>
    internal Tensor DScores => _dScores ??= new Tensor(BatchSize, SourceSteps);

    /// <summary>[N,A] what each row gives the gradient of v; null for other scores than additive ones.</summary>
    internal Tensor? DScoreWeights => _input.Attention.Score is null ? null : _dScoreWeights ??= new Tensor(BatchSize, _input.Attention.KeySize);

    /// <summary>[S] how much of each step of its sequence a row took in; 0 past the end of the sequence.</summary>
    /// <param name="step">of the decoder, from 0</param>
    /// <param name="row">from 0</param>
    public Span<float> WeightsOf(int step, int row) => _weights.Row(step).Slice(row * SourceSteps, SourceSteps);

    /// <summary>Says what the next passes look at.</summary>
    /// <exception cref="ArgumentException">it holds more steps than this</exception>
    public void Attend(AttentionMemory memory)
    {
        if (memory.TimeSteps > SourceSteps)
            throw new ArgumentException($"{nameof(memory)}: expected one of up to {SourceSteps} steps, found {memory.TimeSteps}.");
        _memory = memory;
    }

    /// <summary>Before a step: makes its contexts for h[t-1] [N,H] and adds their part to the sums of the gates [N,G*H].</summary>
    internal void Forward(int step, ReadOnlySpan<float> hidden, Span<float> gates)
    {
        _input.Attention.QueryProduct?.Forward(hidden, BatchSize, accumulate: false, Queries!.Row(step));
        AttentionRows.Forward(_input.Attention, Memory, this, step);
        _input.Product.Forward(Contexts.Row(step), BatchSize, accumulate: true, gates);
    }

    /// <summary>Before the last step is taken back.</summary>
    internal void BeginBackward()
    {
        Memory.ClearGradients();
        DScoreWeights?.Clear();
        _ = (DContexts, DQueries, DScores);
    }

    /// <summary>After a step was taken back: from the gradients of its sums [N,G*H], adds to that of h[t-1] [N,H].</summary>
    internal void Backward(int step, ReadOnlySpan<float> dGates, Span<float> dHidden)
    {
        _input.Product.Backward(dGates, BatchSize, DContexts.Row(step));
        AttentionRows.Backward(_input.Attention, Memory, this, step);
        _input.Attention.QueryProduct?.Backward(DQueries!.Row(step), BatchSize, dHidden);
    }

    /// <summary>After the first step was taken back.</summary>
    /// <param name="steps">of the pass</param>
    internal void EndBackward(int steps) => AttentionRows.AddValueGradients(_input.Attention, Memory, this, steps);

    /// <summary>After the backward pass: adds to the gradients of the parameters, but those of the keys, which <see cref="AttentionMemory.Backward"/> does.</summary>
    /// <param name="steps">of the pass</param>
    /// <param name="dGates">[steps,N,G*H] gradients of the sums</param>
    /// <param name="hidden">[steps,N,H] the states before the steps</param>
    internal void AddGradients(int steps, ReadOnlySpan<float> dGates, ReadOnlySpan<float> hidden)
    {
        int rows = steps * BatchSize;
        _input.Product.AddGradient(dGates, Contexts.Rows(0, steps), rows);
        _input.Attention.QueryProduct?.AddGradient(DQueries!.Rows(0, steps), hidden, rows);
        if (_input.Attention.Score is { IsFrozen: false } score)
            VectorKernel.AddRows(DScoreWeights!.Span, score.Gradient.Span);
    }

    /// <exception cref="ArgumentException">for other rows or fewer steps than the pass has</exception>
    internal void CheckFits(int steps, int batchSize)
    {
        if (batchSize != BatchSize || steps > _timeSteps)
            throw new ArgumentException($"context: expected one for {batchSize} rows and {steps} steps, found {BatchSize} rows and {_timeSteps} steps.");
    }

    AttentionMemory Memory => _memory ?? throw new InvalidOperationException("Nothing to attend to; expected a call of Attend before the pass.");
}
