namespace RnnService.Models.Classification;

/// <summary>A sequence with what is to be predicted from it.</summary>
/// <param name="Sequence">what is read</param>
/// <param name="Labels">the label of the sequence, or one for each word of a framed text</param>
public sealed record ClassifierExample(ClassifierSequence Sequence, IReadOnlyList<int> Labels);
