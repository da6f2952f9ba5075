namespace RnnService.Models.Explanations;

/// <summary>What tokens contribute to a label's probability.</summary>
/// <param name="Contributions">one for each token read</param>
/// <param name="Score">the probability for the text</param>
/// <param name="BaselineScore">the probability for a text whose token vectors are zero</param>
public sealed record Attribution(IReadOnlyList<double> Contributions, double Score, double BaselineScore)
{
    /// <summary>How far the sum of the contributions is from the difference of the two probabilities.</summary>
    public double Error => Math.Abs(Contributions.Sum() - (Score - BaselineScore));
}
