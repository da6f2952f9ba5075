using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;
using RnnService.Models.Text;

namespace RnnService.Models.Seq2Seq;

/// <summary>
/// Workspace to train or measure an encoder-decoder on batches of examples of different lengths, the decoder reading the right tokens
/// (teacher forcing). A row gives what it gives alone. Not thread-safe. Memory is made once, that of the backward pass at first use.
/// </summary>
public sealed class Seq2SeqPass
{
    // What chooses masks beside the layers of the decoder.
    const ulong EmbeddingPlace = ulong.MaxValue, EncoderPlace = ulong.MaxValue - 1, ReadoutPlace = ulong.MaxValue - 2;

    readonly Seq2SeqModel _model;
    readonly EncoderPass _encoder;
    readonly StackTape _tape;
    readonly ContextTape? _context;
    readonly ReadoutPass _readout;
    readonly SoftmaxCrossEntropy _loss;
    readonly Tensor _embedded;
    readonly int[] _inputs, _targets, _rows, _masks;
    Tensor? _keptEmbedded, _dReadout, _dStates, _dEmbedded, _dReadEmbedded;
    RecurrentState? _dState;
    int _steps, _counted;

    /// <param name="model">trained in place</param>
    /// <param name="sourceSteps">S, the most steps of a source: its tokens and the end</param>
    /// <param name="targetSteps">T, the most steps of a target: its tokens and the end</param>
    /// <param name="batchSize">B, the most examples of a batch</param>
    public Seq2SeqPass(Seq2SeqModel model, int sourceSteps, int targetSteps, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_model, SourceSteps, TargetSteps, BatchSize) = (model, sourceSteps, targetSteps, batchSize);
        int most = targetSteps * batchSize;
        _encoder = new EncoderPass(model, sourceSteps, batchSize);
        _tape = model.Decoder.CreateTape(targetSteps, batchSize);
        _context = model.Context?.CreateTape(targetSteps, batchSize, sourceSteps);
        _context?.Attend(_encoder.Memory!);
        _readout = new ReadoutPass(model, most);
        _loss = new SoftmaxCrossEntropy(model.Output);
        _embedded = new Tensor(targetSteps, batchSize, model.Embedding.Size);
        (_inputs, _targets, _rows, _masks) = (new int[most], new int[most], new int[most], new int[most]);
    }

    /// <summary>S, the most steps of a source.</summary>
    public int SourceSteps { get; }

    /// <summary>T, the most steps of a target.</summary>
    public int TargetSteps { get; }

    /// <summary>B, the most examples of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>A batch of training: adds to the gradients those of the mean loss over the target tokens, ends included.</summary>
    /// <param name="rows">1 to B examples</param>
    /// <param name="labelSmoothing">ε, 0 (inclusive) to 1 (exclusive): how much of a target's probability goes to all tokens alike (Szegedy et al. 2016)</param>
    /// <param name="dropoutSeed">chooses the dropout masks</param>
    /// <returns>the loss with smoothing, summed over target tokens</returns>
    /// <exception cref="ArgumentException">too few or many examples, or one that is too long</exception>
    public LossSum Train(IReadOnlyList<Seq2SeqExample> rows, double labelSmoothing, ulong dropoutSeed)
    {
        Read(rows);
        _model.Pack(forTraining: true);
        _model.WeightsChanged();
        var settings = _model.Settings;
        var place = new DropoutMask((float)settings.Dropout, dropoutSeed);
        var dropout = new StackDropout((float)settings.Dropout, settings.DropoutKind, dropoutSeed);
        var embeddingDropout = new DropoutMask((float)settings.EmbeddingDropout, dropoutSeed).For(EmbeddingPlace);
        _encoder.Read([.. rows.Select(row => row.Source)], embeddingDropout, dropout with { Seed = place.For(EncoderPlace).Seed });
        var readout = Forward(embeddingDropout, dropout);
        if (dropout.IsOn)
            readout = _readout.Drop(place.For(ReadoutPlace), Masks);
        var dReadout = (_dReadout ??= new Tensor(TargetSteps * BatchSize, _model.Readout.OutputSize)).Rows(0, _counted);
        var loss = _loss.ForwardBackward(readout, Targets, dReadout, labelSmoothing);
        Backward(dReadout, place.For(ReadoutPlace), embeddingDropout, dropout);
        return loss;
    }

    /// <summary>The loss of a batch without dropout, smoothing and gradients.</summary>
    /// <param name="rows">1 to B examples</param>
    /// <exception cref="ArgumentException">too few or many examples, or one that is too long</exception>
    public LossSum Measure(IReadOnlyList<Seq2SeqExample> rows)
    {
        Read(rows);
        _model.Pack(forTraining: false);
        _encoder.Read([.. rows.Select(row => row.Source)], DropoutMask.None, StackDropout.None);
        return _loss.Forward(Forward(DropoutMask.None, StackDropout.None), Targets);
    }

    ReadOnlySpan<int> Inputs => _inputs.AsSpan(0, _steps * BatchSize);

    /// <summary>The rows of [steps,B] that have a target.</summary>
    ReadOnlySpan<int> Rows => _rows.AsSpan(0, _counted);

    /// <summary>Their targets.</summary>
    ReadOnlySpan<int> Targets => _targets.AsSpan(0, _counted);

    /// <summary>Their masks of dropout: one for each example, or one for each step.</summary>
    ReadOnlySpan<int> Masks => _masks.AsSpan(0, _counted);

    void Read(IReadOnlyList<Seq2SeqExample> rows)
    {
        if (rows.Count < 1 || rows.Count > BatchSize)
            throw new ArgumentException($"{nameof(rows)}: found {rows.Count} examples, expected 1 to {BatchSize}.");
        _steps = 1 + rows.Max(row => row.Target.Length);
        int sourceSteps = 1 + rows.Max(row => row.Source.Length);
        if (_steps > TargetSteps || sourceSteps > SourceSteps)
            throw new ArgumentException($"{nameof(rows)}: found {sourceSteps} steps of a source and {_steps} of a target, the ends included; expected up to {SourceSteps} and {TargetSteps}.");
        _counted = 0;
        for (int t = 0; t < _steps; t++)
        {
            for (int row = 0; row < BatchSize; row++)
            {
                int[] target = row < rows.Count ? rows[row].Target : [];
                int at = t * BatchSize + row;
                _inputs[at] = t == 0 ? Vocabulary.BosId : t <= target.Length ? target[t - 1] : Vocabulary.PadId;
                if (row >= rows.Count || t > target.Length)
                    continue;
                _rows[_counted] = at;
                _masks[_counted] = _model.Settings.DropoutKind == DropoutKind.Locked ? row : at;
                _targets[_counted++] = t < target.Length ? target[t] : Vocabulary.EosId;
            }
        }
    }

    ReadOnlySpan<float> Forward(DropoutMask embeddingDropout, StackDropout dropout)
    {
        var embedded = _embedded.Rows(0, _steps);
        _model.Embedding.Forward(Inputs, embeddingDropout, embedded);
        _tape.SetState(_encoder.Initial);
        _model.Decoder.Forward(embedded, [], _tape, dropout, _context);
        if (dropout.IsOn)
        {
            var kept = (_keptEmbedded ??= new Tensor(_embedded.Shape)).Rows(0, _steps);
            dropout.Apply(0, _steps, embedded, kept);
            embedded = kept;
        }
        return _readout.Forward(Rows, _tape.Outputs(_steps), Contexts(_context?.Contexts), embedded);
    }

    void Backward(Span<float> dReadout, DropoutMask readoutDropout, DropoutMask embeddingDropout, StackDropout dropout)
    {
        var dStates = (_dStates ??= new Tensor(TargetSteps, BatchSize, _model.Decoder.OutputSize)).Rows(0, _steps);
        var dReadEmbedded = (_dReadEmbedded ??= new Tensor(_embedded.Shape)).Rows(0, _steps);
        _readout.Backward(Rows, readoutDropout, Masks, dReadout, dStates, Contexts(_context?.DContexts), dReadEmbedded);
        if (dropout.IsOn)
            dropout.Apply(0, _steps, dReadEmbedded, dReadEmbedded);

        var dEmbedded = (_dEmbedded ??= new Tensor(_embedded.Shape)).Rows(0, _steps);
        var dState = _dState ??= _model.Decoder.CreateState(BatchSize);
        dState.Clear();
        _model.Decoder.Backward(_embedded.Rows(0, _steps), [], _tape, dStates, dState, dEmbedded, _context);
        VectorKernel.Add(dReadEmbedded, dEmbedded);
        _model.Embedding.Backward(Inputs, embeddingDropout, dEmbedded);
        _encoder.Backward(dState);
    }

    Span<float> Contexts(Tensor? contexts) => contexts is null ? [] : contexts.Rows(0, _steps);
}
