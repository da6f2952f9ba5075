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
    readonly CharacterPass? _characters;
    readonly Tensor _inputs, _pooled, _logits;
    readonly int[] _tokenIds, _lengths, _targets;
    IReadOnlyList<ClassifierSequence> _rows = [];
    int _steps;
    Tensor? _embedded, _inputGradient, _topGradient, _pooledGradient;

    /// <param name="model">whose weights are used</param>
    /// <param name="timeSteps">T, the most steps of a sequence</param>
    /// <param name="batchSize">B, the most sequences of a batch</param>
    public ClassifierPass(ClassifierModel model, int timeSteps, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_model, TimeSteps, BatchSize) = (model, timeSteps, batchSize);
        int outputSize = model.Recurrent.OutputSize;
        _tape = model.Recurrent.CreateTape(timeSteps, batchSize);
        _attention = model.Attention?.CreateTape(timeSteps, batchSize);
        _characters = model.Characters is { } characters ? new CharacterPass(characters) : null;
        _inputs = new Tensor(timeSteps, batchSize, model.InputSize);
        _pooled = new Tensor(model.IsPooled ? batchSize : 0, outputSize);
        _logits = new Tensor(model.IsPooled ? 1 : timeSteps, batchSize, model.LabelCount);
        _tokenIds = new int[timeSteps * batchSize];
        _lengths = new int[batchSize];
        _targets = new int[_logits.Length / model.LabelCount];
    }

    /// <summary>T, the most steps of a sequence.</summary>
    public int TimeSteps { get; }

    /// <summary>B, the most sequences of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>[steps,B,I] what the recurrent layers read.</summary>
    internal Span<float> Inputs => _inputs.Rows(0, _steps);

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
        _model.Pack(forTraining: true);
        _model.WeightsChanged();
        var settings = _model.Settings;
        var embeddingDropout = new DropoutMask((float)settings.EmbeddingDropout, dropoutSeed).For(ulong.MaxValue);
        Read([.. rows.Select(row => row.Sequence)], embeddingDropout);
        Run(new StackDropout((float)settings.Dropout, settings.DropoutKind, dropoutSeed));
        var sum = loss.ForwardBackward(UsedLogits, Targets(rows));
        var dInputs = Backward(_model.TrainsInputs);
        if (_model.TrainsInputs)
            InputsBackward(dInputs, embeddingDropout);
        return sum;
    }

    /// <summary>Fills <see cref="Inputs"/>.</summary>
    internal void Read(IReadOnlyList<ClassifierSequence> rows, DropoutMask embeddingDropout)
    {
        if (rows.Count < 1 || rows.Count > BatchSize)
            throw new ArgumentException($"{nameof(rows)}: found {rows.Count} sequences, expected 1 to {BatchSize}.");
        _rows = rows;
        _steps = rows.Max(row => row.Length);
        if (rows.Min(row => row.Length) < 1 || _steps > TimeSteps)
            throw new ArgumentException($"{nameof(rows)}: found a sequence of {_steps} steps or one of none, expected 1 to {TimeSteps}.");
        Array.Clear(_lengths);
        for (int row = 0; row < rows.Count; row++)
            _lengths[row] = rows[row].Length;
        if (_model.Embedding is null)
            CopyNumbers();
        else
            Embed(embeddingDropout);
    }

    /// <summary>Computes logits from <see cref="Inputs"/>.</summary>
    internal void Run(StackDropout dropout)
    {
        _model.Recurrent.Forward(Inputs, _lengths, _tape, dropout);
        var top = _tape.Outputs(_steps);
        if (!_model.IsPooled)
        {
            _model.Output.Forward(top, _steps * BatchSize, UsedLogits);
            return;
        }
        if (_model.Attention is { } attention)
            attention.Forward(top, _lengths, _attention!, _pooled.Span);
        else
            _model.Pooling!.Forward(top, _lengths, BatchSize, _pooled.Span);
        _model.Output.Forward(_pooled.Span, BatchSize, UsedLogits);
    }

    /// <summary>Gradients from those of the logits, which the logits have become. Adds to the gradients of what is not frozen.</summary>
    /// <returns>[steps,B,I] the gradient of <see cref="Inputs"/>; empty unless asked for</returns>
    internal ReadOnlySpan<float> Backward(bool wantsInputs)
    {
        var top = _tape.Outputs(_steps);
        var dTop = (_topGradient ??= new Tensor(TimeSteps, BatchSize, _model.Recurrent.OutputSize)).Rows(0, _steps);
        if (_model.IsPooled)
        {
            var dPooled = (_pooledGradient ??= new Tensor(_pooled.Shape)).Span;
            _model.Output.Backward(_pooled.Span, BatchSize, UsedLogits, dPooled);
            if (_model.Attention is { } attention)
                attention.Backward(top, _lengths, _attention!, dPooled, dTop);
            else
                _model.Pooling!.Backward(top, _lengths, BatchSize, dPooled, dTop);
        }
        else
        {
            _model.Output.Backward(top, _steps * BatchSize, UsedLogits, dTop);
        }
        if (!wantsInputs && !_model.TrainsEncoder)
            return [];
        var dInputs = wantsInputs ? (_inputGradient ??= new Tensor(_inputs.Shape)).Rows(0, _steps) : [];
        _model.Recurrent.Backward(Inputs, _lengths, _tape, dTop, dState: null, dInputs);
        return dInputs;
    }

    Span<float> UsedLogits => _model.IsPooled ? _logits.Span : _logits.Rows(0, _steps);

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

    void CopyNumbers()
    {
        Inputs.Clear();
        for (int row = 0; row < _rows.Count; row++)
        {
            for (int t = 0; t < _rows[row].Length; t++)
                _rows[row].Numbers.Span.Slice(t * _model.InputSize, _model.InputSize).CopyTo(Input(Inputs, t, row));
        }
    }

    void Embed(DropoutMask dropout)
    {
        int count = _steps * BatchSize, size = _model.Embedding!.Size;
        for (int index = 0; index < count; index++)
        {
            var (t, row) = Math.DivRem(index, BatchSize);
            _tokenIds[index] = t < _lengths[row] ? _rows[row].TokenIds[t] : Text.Vocabulary.PadId;
        }
        if (_characters is null)
        {
            _model.Embedding.Forward(_tokenIds.AsSpan(0, count), dropout, Inputs);
            return;
        }
        var embedded = Embedded;
        _model.Embedding.Forward(_tokenIds.AsSpan(0, count), dropout, embedded);
        _characters.Forward(_rows.SelectMany(row => row.Words));
        for (int index = 0; index < count; index++)
        {
            var (t, row) = Math.DivRem(index, BatchSize);
            var input = Input(Inputs, t, row);
            embedded.Slice(index * size, size).CopyTo(input);
            _characters.CopyOutput(WordAt(t, row), input[size..]);
        }
    }

    void InputsBackward(ReadOnlySpan<float> dInputs, DropoutMask dropout)
    {
        int count = _steps * BatchSize, size = _model.Embedding!.Size;
        if (_characters is null)
        {
            _model.Embedding.Backward(_tokenIds.AsSpan(0, count), dropout, dInputs);
            return;
        }
        var dEmbedded = Embedded;
        for (int index = 0; index < count; index++)
        {
            var (t, row) = Math.DivRem(index, BatchSize);
            var dInput = dInputs.Slice(index * _model.InputSize, _model.InputSize);
            dInput[..size].CopyTo(dEmbedded.Slice(index * size, size));
            _characters.AddGradient(WordAt(t, row), dInput[size..]);
        }
        _model.Embedding.Backward(_tokenIds.AsSpan(0, count), dropout, dEmbedded);
        _characters.Backward();
    }

    // Embeddings, later their gradients: never both at once.
    Span<float> Embedded => (_embedded ??= new Tensor(TimeSteps, BatchSize, _model.Embedding!.Size)).Rows(0, _steps);

    string WordAt(int t, int row) => t < _lengths[row] ? _rows[row].Words[t] : "";

    Span<float> Input(Span<float> inputs, int t, int row) => inputs.Slice((t * BatchSize + row) * _model.InputSize, _model.InputSize);
}
