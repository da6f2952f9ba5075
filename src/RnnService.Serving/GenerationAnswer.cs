using RnnService.Models.Decoding;
using RnnService.Serving.Registry;

namespace RnnService.Serving;

/// <summary>A text being generated.</summary>
/// <param name="Model">the version that answers</param>
/// <param name="Pieces">the pieces as they are computed; the last one has the finish reason. To be read once.</param>
public sealed record GenerationAnswer(ModelKey Model, IAsyncEnumerable<GeneratedPiece> Pieces);
