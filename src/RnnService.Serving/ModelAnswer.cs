using RnnService.Serving.Registry;

namespace RnnService.Serving;

/// <summary>What a model answered.</summary>
/// <param name="Model">the version that answered</param>
/// <param name="Result">its answer</param>
/// <param name="Tokens">number of tokens, or steps of a series, read</param>
public sealed record ModelAnswer<TResult>(ModelKey Model, TResult Result, int Tokens);
