namespace RnnService.Models.BagsOfWords;

/// <summary>A vector most of whose elements are 0.</summary>
/// <param name="Indices">of the others, ascending</param>
/// <param name="Values">their values</param>
public readonly record struct SparseVector(int[] Indices, float[] Values);
