namespace RnnService.Models.Decoding;

/// <summary>A word that may come next.</summary>
/// <param name="Word">as it is written, for example <c>Boston</c></param>
/// <param name="Probability">the model's probability of this word among all tokens, 0 to 1</param>
public readonly record struct WordPrediction(string Word, double Probability);
