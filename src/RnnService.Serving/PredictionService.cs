using System.Threading.Channels;
using RnnService.Models.Decoding;
using RnnService.Serving.Registry;

namespace RnnService.Serving;

/// <summary>
/// Answers prediction requests: takes a model into use, waits for a place to compute, computes, gives both back. Every failure a caller
/// can cause is a <see cref="ServingException"/>.
/// </summary>
public sealed class PredictionService(ModelRegistry registry, ComputeGate gate, ServingMetrics metrics, ServingDefaults defaults)
{
    /// <summary>The most probable next words.</summary>
    /// <param name="model">name, name@version or name@alias; null takes the default</param>
    /// <param name="text">what stands before the word</param>
    /// <param name="prefix">only words that begin with it, or null</param>
    /// <param name="top">number of words, 1 or more</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, one that does another job, or no place</exception>
    public async Task<NextWordAnswer> NextWordAsync(string? model, string text, string? prefix, int top, CancellationToken cancellationToken)
    {
        using var lease = registry.Acquire(model ?? defaults.NextWord);
        var predictor = lease.Model.NextWord;
        using var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
        var (predictions, tokens) = predictor.Predict(text, prefix, top, cancellationToken);
        metrics.CountTokens(lease.Model.Key.Name, tokens);
        return new NextWordAnswer(lease.Model.Key, predictions, tokens);
    }

    /// <summary>
    /// Starts to continue a prompt. Computing goes on without waiting for the reader, so that a slow reader holds no place, and stops
    /// when the caller leaves.
    /// </summary>
    /// <param name="model">name, name@version or name@alias; null takes the default</param>
    /// <param name="prompt">the text to continue</param>
    /// <param name="options">lengths and sampling</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, or no place</exception>
    public async Task<GenerationAnswer> GenerateAsync(string? model, string prompt, GenerationOptions options, CancellationToken cancellationToken)
    {
        var lease = registry.Acquire(model ?? defaults.Generate);
        try
        {
            var pieces = lease.Model.Generator.Generate(prompt, options, cancellationToken);
            var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
            // Unbounded, because a request has a bounded number of tokens.
            var channel = Channel.CreateUnbounded<GeneratedPiece>(new() { SingleReader = true, SingleWriter = true });
            _ = Task.Run(() => Compute(pieces, channel.Writer, lease, place), CancellationToken.None);
            return new GenerationAnswer(lease.Model.Key, channel.Reader.ReadAllAsync(cancellationToken));
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    void Compute(IEnumerable<GeneratedPiece> pieces, ChannelWriter<GeneratedPiece> writer, ModelLease lease, IDisposable place)
    {
        Exception? error = null;
        int tokens = 0;
        try
        {
            foreach (var piece in pieces)
            {
                tokens = piece.Tokens;
                writer.TryWrite(piece);
            }
        }
        catch (Exception exception)
        {
            // The reader, not this task, is where it must surface.
            error = exception;
        }
        place.Dispose();
        lease.Dispose();
        metrics.CountTokens(lease.Model.Key.Name, tokens);
        writer.Complete(error);
    }

    async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ServingException)
        {
            metrics.CountRefused();
            throw;
        }
    }
}
