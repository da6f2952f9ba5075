using System.Numerics;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Models.Decoding;

namespace RnnService.Models.Seq2Seq;

/// <summary>
/// Reads sources and writes targets step by step, several hypotheses side by side. Not thread-safe; the model behind it is shared. Steps
/// allocate nothing.
/// </summary>
public sealed class DecoderSession : IDecoder
{
    readonly DecoderRows[] _sizes;
    readonly ReadoutPass _readout;
    readonly Tensor _logits;
    readonly int[] _rowNumbers;
    int[] _sources, _nextSources;
    EncoderPass? _encoder;
    DecoderRows? _current;
    int _begun, _hypotheses;

    internal DecoderSession(Seq2SeqModel model, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        (Model, Rows) = (model, rows);
        // Memory for 1, 2, 4, … and all rows: a step computes at most twice the hypotheses it has.
        var sizes = new List<DecoderRows>();
        for (int size = 1; size < rows; size *= 2)
            sizes.Add(new DecoderRows(model, size));
        _sizes = [.. sizes, new DecoderRows(model, rows)];
        _readout = new ReadoutPass(model, rows);
        _logits = new Tensor(rows, model.VocabularySize);
        _rowNumbers = [.. Enumerable.Range(0, rows)];
        (_sources, _nextSources) = (new int[rows], new int[rows]);
    }

    /// <summary>The model whose weights are read.</summary>
    public Seq2SeqModel Model { get; }

    /// <summary>The most hypotheses of a step, and the most sources read together.</summary>
    public int Rows { get; }

    /// <summary>Reads sources; the next <see cref="Step"/> is the first one.</summary>
    /// <param name="sources">1 to <see cref="Rows"/> texts' token ids, without begin and end, each of up to <see cref="Seq2SeqSettings.MaxLength"/> of them</param>
    /// <exception cref="ArgumentException">too few or many sources, or a source that is too long</exception>
    /// <exception cref="ArgumentOutOfRangeException">an id is not in the vocabulary</exception>
    public void Begin(IReadOnlyList<int[]> sources)
    {
        if (sources.Count < 1 || sources.Count > Rows)
            throw new ArgumentException($"{nameof(sources)}: found {sources.Count} sources, expected 1 to {Rows}.");
        int steps = 1 + sources.Max(source => source.Length);
        if (steps > Model.MostSourceSteps)
            throw new ArgumentException($"{nameof(sources)}: found a source of {steps - 1} tokens, expected up to {Model.MostSourceSteps - 1}.");
        (_begun, _hypotheses, _current) = (sources.Count, 0, null);
        int batchSize = SizeFor(sources.Count).Count;
        if (_encoder is null || _encoder.BatchSize != batchSize || _encoder.TimeSteps < steps)
            _encoder = new EncoderPass(Model, Math.Min(Model.MostSourceSteps, (int)BitOperations.RoundUpToPowerOf2((uint)steps)), batchSize);
        _encoder.Read(sources, DropoutMask.None, StackDropout.None);
        foreach (var size in _sizes)
            size.Context?.Attend(_encoder.Memory!);
    }

    /// <summary>Computes <see cref="Logits"/> and <see cref="Attention"/> after one more token of each hypothesis.</summary>
    /// <param name="tokenIds">[N] what each hypothesis has written last, N up to <see cref="Rows"/>; at the first step the token that begins a text</param>
    /// <param name="origins">[N] the hypothesis of the step before that each continues, at the first step its source; several may continue one</param>
    /// <exception cref="ArgumentException">no hypothesis, more than fit, or another number of origins</exception>
    /// <exception cref="ArgumentOutOfRangeException">an id is not in the vocabulary, or no such origin</exception>
    /// <exception cref="InvalidOperationException">before <see cref="Begin"/></exception>
    public void Step(ReadOnlySpan<int> tokenIds, ReadOnlySpan<int> origins)
    {
        CheckStep(tokenIds.Length, origins);
        int count = tokenIds.Length;
        var rows = SizeFor(count);
        Model.Embedding.Forward(tokenIds, DropoutMask.None, rows.Embedded.Rows(0, count));
        for (int row = 0; row < count; row++)
            _nextSources[row] = _current is null ? origins[row] : _sources[origins[row]];
        (_sources, _nextSources) = (_nextSources, _sources);
        if (_current is null)
            rows.Tape.SetState(_encoder!.Initial, origins);
        else
            rows.Tape.Continue(_current.Tape, origins);
        if (rows.Context is { } context)
        {
            context.Sources.Clear();
            _sources.AsSpan(0, count).CopyTo(context.Sources);
        }
        Model.Decoder.Forward(rows.Embedded.Span, [], rows.Tape, context: rows.Context);
        var readout = _readout.Forward(
            _rowNumbers.AsSpan(0, count), rows.Tape.Outputs(1), rows.Context is null ? [] : rows.Context.Contexts.Span, rows.Embedded.Span);
        Model.Output.Forward(readout, count, _logits.Rows(0, count));
        (_current, _hypotheses) = (rows, count);
    }

    /// <summary>[V] logits of the token after those that a hypothesis has written; valid until the next step.</summary>
    /// <param name="hypothesis">of the last step, from 0</param>
    public ReadOnlySpan<float> Logits(int hypothesis)
    {
        CheckHypothesis(hypothesis);
        return _logits.Row(hypothesis);
    }

    /// <summary>[steps of the source, its end included] how much of each the last step of a hypothesis took in, together 1; empty for a model without attention.</summary>
    /// <param name="hypothesis">of the last step, from 0</param>
    public ReadOnlySpan<float> Attention(int hypothesis)
    {
        CheckHypothesis(hypothesis);
        return Model.Seq2Seq.Context is ContextKind.Additive or ContextKind.Dot
            ? _current!.Context!.WeightsOf(0, hypothesis)[.._encoder!.Memory!.Length(_sources[hypothesis])]
            : [];
    }

    void CheckStep(int count, ReadOnlySpan<int> origins)
    {
        if (_encoder is null)
            throw new InvalidOperationException("No source was read; expected a call of Begin before the first step.");
        if (count < 1 || count > Rows || origins.Length != count)
            throw new ArgumentException($"tokenIds: found {count} hypotheses with {origins.Length} origins, expected 1 to {Rows} and as many origins.");
        int most = _current is null ? _begun : _hypotheses;
        foreach (int origin in origins)
        {
            if ((uint)origin >= (uint)most)
                throw new ArgumentOutOfRangeException(nameof(origins), origin, $"origin {origin}: expected 0 to {most - 1}.");
        }
    }

    void CheckHypothesis(int hypothesis)
    {
        if ((uint)hypothesis >= (uint)_hypotheses)
            throw new ArgumentOutOfRangeException(nameof(hypothesis), hypothesis, $"hypothesis {hypothesis}: the last step had {_hypotheses}.");
    }

    DecoderRows SizeFor(int count)
    {
        int index = 0;
        while (_sizes[index].Count < count)
            index++;
        return _sizes[index];
    }
}
