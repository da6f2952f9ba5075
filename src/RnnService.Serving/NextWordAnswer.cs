using RnnService.Models.Decoding;
using RnnService.Serving.Registry;

namespace RnnService.Serving;

/// <summary>The words that may come next.</summary>
/// <param name="Model">the version that answered</param>
/// <param name="Predictions">best first</param>
/// <param name="Tokens">number of tokens read</param>
public sealed record NextWordAnswer(ModelKey Model, IReadOnlyList<WordPrediction> Predictions, int Tokens);
