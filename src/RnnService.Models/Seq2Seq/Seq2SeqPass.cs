using RnnService.Engine.Losses;

namespace RnnService.Models.Seq2Seq;

/// <summary>
/// Workspace to train or measure an encoder-decoder on batches of examples of different lengths, the decoder reading the right tokens
/// (teacher forcing). A row gives what it gives alone. Not thread-safe. Memory is made once, that of the backward pass at first use.
/// </summary>
public sealed class Seq2SeqPass
{
    /// <param name="model">trained in place</param>
    /// <param name="sourceSteps">S, the most steps of a source: its tokens and the end</param>
    /// <param name="targetSteps">T, the most steps of a target: its tokens and the end</param>
    /// <param name="batchSize">B, the most examples of a batch</param>
    public Seq2SeqPass(Seq2SeqModel model, int sourceSteps, int targetSteps, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(model);
        (SourceSteps, TargetSteps, BatchSize) = (sourceSteps, targetSteps, batchSize);
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
    public LossSum Train(IReadOnlyList<Seq2SeqExample> rows, double labelSmoothing, ulong dropoutSeed) => throw new NotImplementedException();

    /// <summary>The loss of a batch without dropout, smoothing and gradients.</summary>
    /// <param name="rows">1 to B examples</param>
    public LossSum Measure(IReadOnlyList<Seq2SeqExample> rows) => throw new NotImplementedException();
}
