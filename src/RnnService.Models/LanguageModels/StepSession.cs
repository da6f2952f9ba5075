using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.LanguageModels;

/// <summary>
/// Reads texts of a language model token by token, carrying the recurrent state: its whole memory of what was read. Not thread-safe; the
/// model behind it is shared. Steps allocate nothing.
/// </summary>
public sealed class StepSession
{
    readonly StackTape _tape;
    readonly Tensor _embedded;
    readonly Tensor? _projected;
    readonly Tensor _logits;

    internal StepSession(LanguageModel model, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        Model = model;
        BatchSize = batchSize;
        _tape = model.Recurrent.CreateTape(timeSteps: 1, batchSize);
        _embedded = new Tensor(batchSize, model.Settings.EmbeddingSize);
        _projected = model.Projection is { } projection ? new Tensor(batchSize, projection.OutputSize) : null;
        _logits = new Tensor(batchSize, model.VocabularySize);
    }

    /// <summary>The model whose weights are read.</summary>
    public LanguageModel Model { get; }

    /// <summary>B, texts read side by side.</summary>
    public int BatchSize { get; }

    /// <summary>Logits of the next token after the last one read, [B,V]; valid until the next call.</summary>
    public ReadOnlySpan<float> Logits => _logits.Span;

    /// <summary>Back to the zero state, as before the first token.</summary>
    public void Reset() => _tape.ResetState();

    /// <summary>A session whose texts continue texts of this one, which stays as it is; it has no logits yet.</summary>
    /// <param name="rows">[N] which text each continues; several may continue one</param>
    /// <exception cref="ArgumentException">no row</exception>
    /// <exception cref="ArgumentOutOfRangeException">a row that this session has not</exception>
    public StepSession Fork(ReadOnlySpan<int> rows)
    {
        var fork = new StepSession(Model, rows.Length);
        for (int layer = 0; layer < _tape.Layers.Count; layer++)
        {
            RecurrentTape source = _tape.Layers[layer], target = fork._tape.Layers[layer];
            CopyRows(source.Hidden, source.History, rows, target.Hidden);
            if (source.Cell is not null)
                CopyRows(source.Cell, 1, rows, target.Cell!);
        }
        return fork;
    }

    /// <summary>Reads one token and computes <see cref="Logits"/>.</summary>
    public void Feed(int tokenId) => Feed([tokenId]);

    /// <summary>Reads tokens; only the last one's logits are computed.</summary>
    /// <param name="tokenIds">the next tokens of the one text in order, or with B above 1 the next token of each text</param>
    /// <exception cref="ArgumentException">no token, or with B above 1 another number than B</exception>
    /// <exception cref="ArgumentOutOfRangeException">an id is not in the vocabulary</exception>
    public void Feed(ReadOnlySpan<int> tokenIds)
    {
        if (tokenIds.IsEmpty || (BatchSize > 1 && tokenIds.Length != BatchSize))
            throw new ArgumentException($"{nameof(tokenIds)}: expected {(BatchSize > 1 ? BatchSize : "1 or more")} tokens, found {tokenIds.Length}.");
        if (tokenIds.Length == BatchSize)
            ComputeLogits(Advance(tokenIds, _tape, _embedded));
        else
            ReadText(tokenIds);
    }

    /// <summary>Reads the one text in chunks, so that their input projections are one product each layer.</summary>
    void ReadText(ReadOnlySpan<int> tokenIds)
    {
        var chunk = Model.Chunks.Rent();
        _tape.CopyInitialStates(chunk.Tape);
        ReadOnlySpan<float> output = [];
        for (int from = 0; from < tokenIds.Length; from += chunk.Tape.TimeSteps)
            output = Advance(tokenIds[from..Math.Min(tokenIds.Length, from + chunk.Tape.TimeSteps)], chunk.Tape, chunk.Embedded);
        chunk.Tape.CopyInitialStates(_tape);
        ComputeLogits(output);
        Model.Chunks.Return(chunk);
    }

    /// <summary>Reads as many steps as there are tokens for the rows of the tape, which carries its state on; gives the last outputs, [B,O].</summary>
    ReadOnlySpan<float> Advance(ReadOnlySpan<int> tokenIds, StackTape tape, Tensor embedded)
    {
        var input = embedded.Rows(0, tokenIds.Length);
        Model.Embedding.Forward(tokenIds, DropoutMask.None, input);
        Model.Recurrent.Forward(input, [], tape);
        int steps = tokenIds.Length / BatchSize;
        tape.Carry(steps);
        return tape.Outputs(steps)[^(BatchSize * Model.Recurrent.OutputSize)..];
    }

    static void CopyRows(Tensor source, int slots, ReadOnlySpan<int> rows, Tensor destination)
    {
        for (int slot = 0; slot < slots; slot++)
        {
            Span<float> from = source.Row(slot), to = destination.Row(slot);
            int size = to.Length / rows.Length;
            for (int row = 0; row < rows.Length; row++)
                from.Slice(rows[row] * size, size).CopyTo(to[(row * size)..]);
        }
    }

    void ComputeLogits(ReadOnlySpan<float> output)
    {
        if (_projected is not null)
        {
            Model.Projection!.Forward(output, BatchSize, _projected.Span);
            output = _projected.Span;
        }
        Model.Output.Forward(output, BatchSize, _logits.Span);
    }
}
