using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.LanguageModels;

/// <summary>
/// Reads texts of a language model token by token, carrying the recurrent state: its whole memory of what was read. Not thread-safe; the
/// model behind it is shared. Steps allocate nothing.
/// </summary>
public sealed class StepSession
{
    // Tokens of a text read at once: their input projections are one product each layer.
    const int ChunkSteps = 32;

    readonly StackTape _tape;
    readonly Tensor _embedded;
    readonly Tensor? _projected;
    readonly Tensor _logits;

    internal StepSession(LanguageModel model, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        Model = model;
        BatchSize = batchSize;
        int steps = batchSize == 1 ? ChunkSteps : 1;
        _tape = model.Recurrent.CreateTape(steps, batchSize);
        _embedded = new Tensor(steps * batchSize, model.Settings.EmbeddingSize);
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
        int most = BatchSize == 1 ? ChunkSteps : BatchSize;
        int steps = 0;
        for (int from = 0; from < tokenIds.Length; from += most)
            steps = Advance(tokenIds[from..Math.Min(tokenIds.Length, from + most)]);
        ComputeLogits(_tape.Outputs(steps)[^(BatchSize * Model.Recurrent.OutputSize)..]);
    }

    int Advance(ReadOnlySpan<int> tokenIds)
    {
        int steps = tokenIds.Length / BatchSize;
        var input = _embedded.Rows(0, tokenIds.Length);
        Model.Embedding.Forward(tokenIds, DropoutMask.None, input);
        Model.Recurrent.Forward(input, [], _tape);
        _tape.Carry(steps);
        return steps;
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
