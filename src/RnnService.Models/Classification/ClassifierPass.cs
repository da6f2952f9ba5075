using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Classification;

/// <summary>
/// Workspace to run a classifier over batches of sequences of different lengths: each is read within its own length, so that a row gives
/// what it gives alone. Not thread-safe; the model behind it is shared. Memory is made once, that of the backward pass at first use.
/// </summary>
public sealed class ClassifierPass
{
    readonly ClassifierModel _model;
    readonly StackTape _tape;
    readonly AttentionTape? _attention;
    readonly InputPass _input;
    readonly Tensor _pooled, _logits;
    readonly int[] _targets;
    readonly float[] _softTargets;
    Tensor? _inputGradient, _topGradient, _pooledGradient;

    /// <param name="model">whose weights are used</param>
    /// <param name="timeSteps">T, the most steps of a sequence</param>
    /// <param name="batchSize">B, the most sequences of a batch</param>
    public ClassifierPass(ClassifierModel model, int timeSteps, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_model, TimeSteps, BatchSize) = (model, timeSteps, batchSize);
        int outputSize = model.Recurrent.OutputSize;
        _tape = model.Recurrent.CreateTape(timeSteps, batchSize, forTraining: false);
        _attention = model.Attention?.CreateTape(timeSteps, batchSize);
        _input = new InputPass(model, timeSteps, batchSize);
        _pooled = new Tensor(model.IsPooled ? batchSize : 0, outputSize);
        _logits = new Tensor(model.IsPooled ? 1 : timeSteps, batchSize, model.LabelCount);
        _targets = new int[_logits.Length / model.LabelCount];
        _softTargets = new float[model.IsPooled ? _logits.Length : 0];
    }

    /// <summary>T, the most steps of a sequence.</summary>
    public int TimeSteps { get; }

    /// <summary>B, the most sequences of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>[steps,B,I] what the recurrent layers read.</summary>
    internal Span<float> Inputs => _input.Inputs;

    /// <summary>Logits of a row of the last batch, [K], until the next one; of one of its words where each has a label.</summary>
    /// <param name="row">from 0</param>
    /// <param name="word">from 0; 0 for a sequence with one label</param>
    public Span<float> Logits(int row, int word = 0) =>
        _logits.Rows(_model.IsPooled ? 0 : TextFrame.Lead + word, 1).Slice(row * _model.LabelCount, _model.LabelCount);

    /// <summary>Computes <see cref="Logits"/>.</summary>
    /// <param name="rows">1 to B sequences of 1 to T steps</param>
    public void Forward(IReadOnlyList<ClassifierSequence> rows)
    {
        _model.Pack(forTraining: false);
        Read(rows, DropoutMask.None);
        Run(StackDropout.None);
    }

    /// <summary>A batch of training: adds to the gradients those of the batch's loss.</summary>
    /// <param name="rows">1 to B examples</param>
    /// <param name="loss">of K classes</param>
    /// <param name="dropoutSeed">chooses the dropout masks</param>
    /// <returns>the loss, summed over labels</returns>
    public LossSum Train(IReadOnlyList<ClassifierExample> rows, ClassificationLoss loss, ulong dropoutSeed)
    {
        _model.Pack(forTraining: true, mayNarrow: false);
        _model.WeightsChanged();
        KeepGates();
        var settings = _model.Settings;
        var embeddingDropout = new DropoutMask((float)settings.EmbeddingDropout, dropoutSeed).For(ulong.MaxValue);
        Read([.. rows.Select(row => row.Sequence)], embeddingDropout);
        Run(new StackDropout((float)settings.Dropout, settings.DropoutKind, dropoutSeed));
        var sum = loss.ForwardBackward(UsedLogits, Targets(rows), SoftTargets(rows));
        var dInputs = Backward(_model.TrainsInputs);
        if (_model.TrainsInputs)
            _input.Backward(dInputs);
        return sum;
    }

    /// <summary>Makes <see cref="Run"/> keep what <see cref="Backward"/> needs.</summary>
    internal void KeepGates() => _tape.KeepGates();

    /// <inheritdoc cref="InputPass.Read"/>
    internal void Read(IReadOnlyList<ClassifierSequence> rows, DropoutMask dropout) => _input.Read(rows, dropout);

    /// <summary>Computes logits from <see cref="Inputs"/>.</summary>
    internal void Run(StackDropout dropout)
    {
        _model.Recurrent.Forward(Inputs, _input.Lengths, _tape, dropout);
        var top = _tape.Outputs(Steps);
        if (!_model.IsPooled)
        {
            _model.Output.Forward(top, Steps * BatchSize, UsedLogits);
            return;
        }
        if (_model.Attention is { } attention)
            attention.Forward(top, _input.Lengths, _attention!, _pooled.Span);
        else
            _model.Pooling!.Forward(top, _input.Lengths, BatchSize, _pooled.Span);
        _model.Output.Forward(_pooled.Span, BatchSize, UsedLogits);
    }

    /// <summary>Gradients from those of the logits, which the logits have become. Adds to the gradients of what is not frozen.</summary>
    /// <returns>[steps,B,I] the gradient of <see cref="Inputs"/>; empty unless asked for</returns>
    internal ReadOnlySpan<float> Backward(bool wantsInputs)
    {
        var top = _tape.Outputs(Steps);
        var dTop = (_topGradient ??= new Tensor(TimeSteps, BatchSize, _model.Recurrent.OutputSize)).Rows(0, Steps);
        if (_model.IsPooled)
        {
            var dPooled = (_pooledGradient ??= new Tensor(_pooled.Shape)).Span;
            _model.Output.Backward(_pooled.Span, BatchSize, UsedLogits, dPooled);
            if (_model.Attention is { } attention)
                attention.Backward(top, _input.Lengths, _attention!, dPooled, dTop);
            else
                _model.Pooling!.Backward(top, _input.Lengths, BatchSize, dPooled, dTop);
        }
        else
        {
            _model.Output.Backward(top, Steps * BatchSize, UsedLogits, dTop);
        }
        if (!wantsInputs && !_model.TrainsEncoder)
            return [];
        var dInputs = wantsInputs ? (_inputGradient ??= new Tensor(TimeSteps, BatchSize, _model.InputSize)).Rows(0, Steps) : [];
        _model.Recurrent.Backward(Inputs, _input.Lengths, _tape, dTop, dState: null, dInputs);
        return dInputs;
    }

    int Steps => _input.Steps;

    Span<float> UsedLogits => _model.IsPooled ? _logits.Span : _logits.Rows(0, Steps);

    ReadOnlySpan<int> Targets(IReadOnlyList<ClassifierExample> rows)
    {
        Array.Fill(_targets, -1);
        for (int row = 0; row < rows.Count; row++)
        {
            var labels = rows[row].Labels;
            for (int word = 0; word < labels.Count; word++)
                _targets[_model.IsPooled ? row : (TextFrame.Lead + word) * BatchSize + row] = labels[word];
        }
        return _targets.AsSpan(0, UsedLogits.Length / _model.LabelCount);
    }

    ReadOnlySpan<float> SoftTargets(IReadOnlyList<ClassifierExample> rows)
    {
        if (rows[0].SoftTargets.IsEmpty)
            return [];
        for (int row = 0; row < rows.Count; row++)
            rows[row].SoftTargets.Span.CopyTo(_softTargets.AsSpan(row * _model.LabelCount));
        return _softTargets;
    }
}
