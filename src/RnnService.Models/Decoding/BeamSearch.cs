using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>
/// Finds probable sequences for several sources at once: of each it continues the K most probable hypotheses until they have ended. A
/// hypothesis that ends keeps its place, so that the beam becomes narrower; at the length limit all must end. A source is done as soon
/// as no open hypothesis can become one of the best; its rows then leave the batch. Steps allocate nothing, unless attention is kept.
/// </summary>
/// <param name="decoder">with room for K hypotheses of each source</param>
/// <param name="options">beam size, length and ranking</param>
public sealed class BeamSearch(IDecoder decoder, BeamSearchOptions options)
{
    /// <summary>The best hypotheses of each source, best first; of equals the one that ended first.</summary>
    /// <param name="sources">token ids of each, without the end</param>
    /// <param name="cancellationToken">checked before each step</param>
    /// <exception cref="ArgumentException">an option outside its range</exception>
    /// <exception cref="InvalidOperationException">the decoder gives no probabilities: logits are NaN or infinite</exception>
    /// <exception cref="OperationCanceledException">the caller left</exception>
    public IReadOnlyList<Hypothesis[]> Search(IReadOnlyList<int[]> sources, CancellationToken cancellationToken = default)
    {
        options.Validate();
        if (sources.Count == 0)
            return [];
        SourceBeam[] beams = [.. sources.Select((source, index) => new SourceBeam(options, source.Length, index))];
        var history = new BeamHistory(beams.Max(beam => beam.LengthLimit) + 1, sources.Count * options.BeamSize);
        var best = new BestContinuations(options.BeamSize);
        decoder.Begin(sources);
        int rows = sources.Count;
        for (int row = 0; row < rows; row++)
            (history.TokenIds(0)[row], history.Origins(0)[row]) = (Vocabulary.BosId, row);
        for (int step = 0; rows > 0; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            decoder.Step(history.TokenIds(step)[..rows], history.Origins(step)[..rows]);
            if (options.Attention && !decoder.Attention(0).IsEmpty)
                history.KeepAttention(step, rows, decoder, beams.Max(beam => beam.SourceSteps));
            rows = 0;
            foreach (var beam in beams)
                rows = beam.Continue(decoder, best, history, step, rows);
        }
        return [.. beams.Select(beam => beam.Best)];
    }
}
