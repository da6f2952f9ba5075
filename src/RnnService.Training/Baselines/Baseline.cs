using RnnService.Training.Metrics;

namespace RnnService.Training.Baselines;

/// <summary>What a simple method reaches on the data a model is measured on: the figure to beat.</summary>
/// <param name="Name">for <c>model.json</c>, in camel case: <c>majority</c></param>
/// <param name="Description">for people</param>
/// <param name="Matrix">its predictions</param>
/// <param name="Entities">its entities, for tags that mark some</param>
public sealed record Baseline(string Name, string Description, ConfusionMatrix Matrix, EntityScore? Entities = null);
