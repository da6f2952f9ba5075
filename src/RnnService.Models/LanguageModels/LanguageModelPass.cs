using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;

namespace RnnService.Models.LanguageModels;

/// <summary>
/// Workspace to train or evaluate a language model on windows of text by truncated backpropagation through time: the state is carried from
/// window to window, gradients are not. All memory is made once; a window allocates nothing.
/// </summary>
public sealed class LanguageModelPass
{
    readonly LanguageModel _model;
    readonly LstmTape[] _tapes;
    readonly Tensor[] _dropped;
    readonly Tensor _embedded;
    readonly Tensor _embeddedGradient;
    readonly Tensor[] _gradients;
    readonly Tensor _dHidden;
    readonly Tensor _dCell;
    readonly Tensor? _projected;
    readonly Tensor? _projectedGradient;
    readonly SoftmaxCrossEntropy _loss;

    /// <param name="model">trained in place</param>
    /// <param name="timeSteps">T, the most steps of a window</param>
    /// <param name="batchSize">B</param>
    public LanguageModelPass(LanguageModel model, int timeSteps, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _model = model;
        TimeSteps = timeSteps;
        BatchSize = batchSize;
        int hidden = model.Settings.HiddenSize, embedding = model.Settings.EmbeddingSize;
        _tapes = [.. model.Layers.Select(_ => new LstmTape(timeSteps, batchSize, hidden))];
        _dropped = [.. model.Layers.Select(_ => new Tensor(model.Settings.Dropout > 0 ? timeSteps : 0, batchSize, hidden))];
        _gradients = [new Tensor(timeSteps, batchSize, hidden), new Tensor(timeSteps, batchSize, hidden)];
        _embedded = new Tensor(timeSteps, batchSize, embedding);
        _embeddedGradient = new Tensor(timeSteps, batchSize, embedding);
        _dHidden = new Tensor(batchSize, hidden);
        _dCell = new Tensor(batchSize, hidden);
        if (model.Projection is not null)
        {
            _projected = new Tensor(timeSteps, batchSize, embedding);
            _projectedGradient = new Tensor(timeSteps, batchSize, embedding);
        }
        _loss = new SoftmaxCrossEntropy(model.Output);
        State = [.. _tapes.Select((tape, index) => new[]
        {
            new Parameter($"state.h_l{index}", tape.Hidden), new Parameter($"state.c_l{index}", tape.Cell),
        }).SelectMany(pair => pair)];
    }

    /// <summary>T, the most steps of a window.</summary>
    public int TimeSteps { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>The carried state (slot 0 of each tensor [T+1,B,H]), to save with a training and restore.</summary>
    public IReadOnlyList<Parameter> State { get; }

    /// <summary>Sets the carried state to zero: the next window begins a text.</summary>
    public void ResetState()
    {
        foreach (var tape in _tapes)
            tape.ResetState();
    }

    /// <summary>One window of training: adds to the gradients those of the mean loss over the counted targets.</summary>
    /// <param name="inputs">[timeSteps,B] token ids, time-major</param>
    /// <param name="targets">[timeSteps,B] token ids; a negative one does not count</param>
    /// <param name="timeSteps">steps of this window, 1 to T</param>
    /// <param name="dropoutSeed">chooses the dropout masks of this window</param>
    /// <returns>the summed loss of the window</returns>
    public LossSum Train(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets, int timeSteps, ulong dropoutSeed)
    {
        Check(inputs, targets, timeSteps);
        _model.Pack(forTraining: true);
        _model.WeightsChanged();
        var dropout = new DropoutMask((float)_model.Settings.Dropout, dropoutSeed);
        var embeddingDropout = new DropoutMask((float)_model.Settings.EmbeddingDropout, dropoutSeed).For(ulong.MaxValue);
        var top = Forward(inputs, timeSteps, dropout, embeddingDropout);
        var dTop = _gradients[0].Rows(0, timeSteps);
        var loss = OutputBackward(top, targets, timeSteps, dTop);
        Backward(inputs, timeSteps, dropout, embeddingDropout);
        Carry(timeSteps);
        return loss;
    }

    /// <summary>One window without dropout and gradients.</summary>
    /// <inheritdoc cref="Train"/>
    public LossSum Evaluate(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets, int timeSteps)
    {
        Check(inputs, targets, timeSteps);
        _model.Pack(forTraining: false);
        var top = Forward(inputs, timeSteps, DropoutMask.None, DropoutMask.None);
        var loss = _loss.Forward(Project(top, timeSteps), targets);
        Carry(timeSteps);
        return loss;
    }

    Span<float> Forward(ReadOnlySpan<int> inputs, int timeSteps, DropoutMask dropout, DropoutMask embeddingDropout)
    {
        var x = _embedded.Rows(0, timeSteps);
        _model.Embedding.Forward(inputs, embeddingDropout, x);
        Drop(dropout, 0, timeSteps, x, x);
        for (int index = 0; index < _tapes.Length; index++)
        {
            _model.Layers[index].Forward(x, [], _tapes[index]);
            x = Output(index, timeSteps, dropout);
            if (dropout.Rate > 0)
                Drop(dropout, index + 1, timeSteps, _tapes[index].Outputs(timeSteps), x);
        }
        return x;
    }

    LossSum OutputBackward(Span<float> top, ReadOnlySpan<int> targets, int timeSteps, Span<float> dTop)
    {
        if (_model.Projection is null)
            return _loss.ForwardBackward(top, targets, dTop);
        var dProjected = _projectedGradient!.Rows(0, timeSteps);
        var loss = _loss.ForwardBackward(Project(top, timeSteps), targets, dProjected);
        _model.Projection.Backward(top, timeSteps * BatchSize, dProjected, dTop);
        return loss;
    }

    void Backward(ReadOnlySpan<int> inputs, int timeSteps, DropoutMask dropout, DropoutMask embeddingDropout)
    {
        var dOutput = _gradients[0].Rows(0, timeSteps);
        for (int index = _tapes.Length - 1; index >= 0; index--)
        {
            Drop(dropout, index + 1, timeSteps, dOutput, dOutput);
            // The window's end state goes on to the next window, which sends no gradient back.
            _dHidden.Clear();
            _dCell.Clear();
            var x = index == 0 ? _embedded.Rows(0, timeSteps) : Output(index - 1, timeSteps, dropout);
            var dx = index == 0 ? _embeddedGradient.Rows(0, timeSteps) : _gradients[(_tapes.Length - index) % 2].Rows(0, timeSteps);
            _model.Layers[index].Backward(x, [], _tapes[index], dOutput, _dHidden.Span, _dCell.Span, dx);
            dOutput = dx;
        }
        Drop(dropout, 0, timeSteps, dOutput, dOutput);
        _model.Embedding.Backward(inputs, embeddingDropout, dOutput);
    }

    /// <summary>What the layer above reads: the outputs, or with dropout the copy some of whose units are dropped.</summary>
    Span<float> Output(int layer, int timeSteps, DropoutMask dropout) =>
        dropout.Rate > 0 ? _dropped[layer].Rows(0, timeSteps) : _tapes[layer].Outputs(timeSteps);

    void Drop(DropoutMask dropout, int place, int timeSteps, ReadOnlySpan<float> x, Span<float> destination)
    {
        if (dropout.Rate <= 0)
            return;
        int period = _model.Settings.DropoutKind == DropoutKind.Locked ? x.Length / timeSteps : x.Length;
        dropout.For((ulong)place).Apply(x, period, destination);
    }

    ReadOnlySpan<float> Project(ReadOnlySpan<float> top, int timeSteps)
    {
        if (_model.Projection is null)
            return top;
        var projected = _projected!.Rows(0, timeSteps);
        _model.Projection.Forward(top, timeSteps * BatchSize, projected);
        return projected;
    }

    void Carry(int timeSteps)
    {
        foreach (var tape in _tapes)
            tape.Carry(timeSteps);
    }

    void Check(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets, int timeSteps)
    {
        if (timeSteps < 1 || timeSteps > TimeSteps)
            throw new ArgumentOutOfRangeException(nameof(timeSteps), timeSteps, $"expected 1 to {TimeSteps} steps.");
        if (inputs.Length != timeSteps * BatchSize || targets.Length != inputs.Length)
            throw new ArgumentException($"expected {timeSteps} x {BatchSize} inputs and targets, found {inputs.Length} and {targets.Length}.");
    }
}
