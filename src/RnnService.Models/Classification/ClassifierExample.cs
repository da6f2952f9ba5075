namespace RnnService.Models.Classification;

/// <summary>A sequence with what is to be predicted from it.</summary>
/// <param name="Sequence">what is read</param>
/// <param name="Labels">the label of the sequence, or one for each word of a framed text</param>
public sealed record ClassifierExample(ClassifierSequence Sequence, IReadOnlyList<int> Labels)
{
    /// <summary>[K] the probabilities another model gives to the labels of the sequence; empty where there is none to learn from.</summary>
    public ReadOnlyMemory<float> SoftTargets { get; init; }
}
