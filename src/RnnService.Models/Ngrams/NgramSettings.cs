namespace RnnService.Models.Ngrams;

/// <summary>The <c>ngrams</c> section of a recipe and of a <c>model.json</c>: what counted word sequences add to a network's next words.</summary>
public sealed record NgramSettings
{
    /// <summary>The longest n-gram that can be asked for.</summary>
    public const int HighestOrder = 8;

    /// <summary>Most tokens of an n-gram, the predicted one included: 2 to <see cref="HighestOrder"/>.</summary>
    public int Order { get; init; } = 5;

    /// <summary>N-grams of two tokens or more that occur less often are not kept; with 2 or more no line that occurs once can be read from the file.</summary>
    public int MinCount { get; init; } = 1;

    /// <summary>What is taken from each count for words that did not follow: between 0 and 1.</summary>
    public double Discount { get; init; } = 0.8;

    /// <summary>How much of a probability the counts have, the network has the rest: between 0 and 1.</summary>
    public double Share { get; init; } = 0.35;
}
