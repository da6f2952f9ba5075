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
    readonly StackTape _tape;
    readonly Tensor _embedded;
    readonly Tensor _embeddedGradient;
    readonly Tensor _topGradient;
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
        int embedding = model.Settings.EmbeddingSize;
        _tape = model.Recurrent.CreateTape(timeSteps, batchSize);
        _topGradient = new Tensor(timeSteps, batchSize, model.Recurrent.OutputSize);
        _embedded = new Tensor(timeSteps, batchSize, embedding);
        _embeddedGradient = new Tensor(timeSteps, batchSize, embedding);
        if (model.Projection is not null)
        {
            _projected = new Tensor(timeSteps, batchSize, embedding);
            _projectedGradient = new Tensor(timeSteps, batchSize, embedding);
        }
        _loss = new SoftmaxCrossEntropy(model.Output);
    }

    /// <summary>T, the most steps of a window.</summary>
    public int TimeSteps { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <inheritdoc cref="StackTape.State"/>
    public IReadOnlyList<Parameter> State => _tape.State;

    /// <summary>Sets the carried state to zero: the next window begins a text.</summary>
    public void ResetState() => _tape.ResetState();

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
        var dropout = new StackDropout((float)_model.Settings.Dropout, _model.Settings.DropoutKind, dropoutSeed);
        var embeddingDropout = new DropoutMask((float)_model.Settings.EmbeddingDropout, dropoutSeed).For(ulong.MaxValue);
        var top = Forward(inputs, timeSteps, dropout, embeddingDropout);
        var dTop = _topGradient.Rows(0, timeSteps);
        var loss = OutputBackward(top, targets, timeSteps, dTop);
        Backward(inputs, timeSteps, dTop, embeddingDropout);
        _tape.Carry(timeSteps);
        return loss;
    }

    /// <summary>One window without dropout and gradients.</summary>
    /// <inheritdoc cref="Train"/>
    public LossSum Evaluate(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets, int timeSteps)
    {
        Check(inputs, targets, timeSteps);
        _model.Pack(forTraining: false);
        var top = Forward(inputs, timeSteps, StackDropout.None, DropoutMask.None);
        var loss = _loss.Forward(Project(top, timeSteps), targets);
        _tape.Carry(timeSteps);
        return loss;
    }

    ReadOnlySpan<float> Forward(ReadOnlySpan<int> inputs, int timeSteps, StackDropout dropout, DropoutMask embeddingDropout)
    {
        var x = _embedded.Rows(0, timeSteps);
        _model.Embedding.Forward(inputs, embeddingDropout, x);
        _model.Recurrent.Forward(x, [], _tape, dropout);
        return _tape.Outputs(timeSteps);
    }

    LossSum OutputBackward(ReadOnlySpan<float> top, ReadOnlySpan<int> targets, int timeSteps, Span<float> dTop)
    {
        if (_model.Projection is null)
            return _loss.ForwardBackward(top, targets, dTop);
        var dProjected = _projectedGradient!.Rows(0, timeSteps);
        var loss = _loss.ForwardBackward(Project(top, timeSteps), targets, dProjected);
        _model.Projection.Backward(top, timeSteps * BatchSize, dProjected, dTop);
        return loss;
    }

    void Backward(ReadOnlySpan<int> inputs, int timeSteps, ReadOnlySpan<float> dTop, DropoutMask embeddingDropout)
    {
        var dEmbedded = _embeddedGradient.Rows(0, timeSteps);
        _model.Recurrent.Backward(_embedded.Rows(0, timeSteps), [], _tape, dTop, dState: null, dEmbedded);
        _model.Embedding.Backward(inputs, embeddingDropout, dEmbedded);
    }

    ReadOnlySpan<float> Project(ReadOnlySpan<float> top, int timeSteps)
    {
        if (_model.Projection is null)
            return top;
        var projected = _projected!.Rows(0, timeSteps);
        _model.Projection.Forward(top, timeSteps * BatchSize, projected);
        return projected;
    }

    void Check(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets, int timeSteps)
    {
        if (timeSteps < 1 || timeSteps > TimeSteps)
            throw new ArgumentOutOfRangeException(nameof(timeSteps), timeSteps, $"expected 1 to {TimeSteps} steps.");
        if (inputs.Length != timeSteps * BatchSize || targets.Length != inputs.Length)
            throw new ArgumentException($"expected {timeSteps} x {BatchSize} inputs and targets, found {inputs.Length} and {targets.Length}.");
    }
}
