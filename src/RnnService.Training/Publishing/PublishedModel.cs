using RnnService.Training.Evaluation;

namespace RnnService.Training.Publishing;

/// <summary>A version that was written into a model repository.</summary>
/// <param name="Name">the model</param>
/// <param name="Version">its new version</param>
/// <param name="Folder">where it lies</param>
/// <param name="Result">its figures on the validation text</param>
public sealed record PublishedModel(string Name, int Version, string Folder, EvaluationResult Result);
