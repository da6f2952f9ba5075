namespace RnnService.Models.BagsOfWords;

/// <summary>The <c>bagOfWords</c> section of a recipe and of a <c>model.json</c>: what words and pairs of words, their order aside, add to a network's classes.</summary>
public sealed record BagSettings
{
    /// <summary>In how many training texts a word or pair of words must occur to count.</summary>
    public int MinTexts { get; init; } = 2;

    /// <summary>C of the logistic regression, the trust in the data: the larger, the less its weights are held near 0.</summary>
    public double Trust { get; init; } = 3;

    /// <summary>How much of a probability the words have, the network has the rest: between 0 and 1.</summary>
    public double Share { get; init; } = 0.5;
}
