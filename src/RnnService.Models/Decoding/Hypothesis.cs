namespace RnnService.Models.Decoding;

/// <summary>A sequence that a decoder wrote for a source.</summary>
/// <param name="TokenIds">what it wrote, without the end</param>
/// <param name="LogProbability">natural logarithm of the probability of the tokens and the end after them, given the source</param>
/// <param name="Score">what it was ranked by: the log-probability divided by the length penalty</param>
/// <param name="Attention">for each token the weights of the source's steps, the end included; empty where there are none or nobody asked</param>
public sealed record Hypothesis(int[] TokenIds, double LogProbability, double Score, IReadOnlyList<float[]> Attention);
