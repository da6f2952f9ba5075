namespace RnnService.Training.Metrics;

/// <summary>How often the next word of a text is among the model's first guesses; counts are kept until the end.</summary>
/// <param name="Words">words asked for: tokens with a letter or digit, but not a sentence's first</param>
/// <param name="Top1">words that were the first guess among all tokens but the special ones</param>
/// <param name="Top3">words among the first three of these</param>
/// <param name="Top1OfWords">words that were the first guess among words only, punctuation left out</param>
/// <param name="Top3OfWords">words among the first three of these</param>
public readonly record struct NextWordAccuracy(long Words, long Top1, long Top3, long Top1OfWords, long Top3OfWords)
{
    /// <summary>The sum of two counts.</summary>
    public static NextWordAccuracy operator +(NextWordAccuracy x, NextWordAccuracy y) =>
        new(x.Words + y.Words, x.Top1 + y.Top1, x.Top3 + y.Top3, x.Top1OfWords + y.Top1OfWords, x.Top3OfWords + y.Top3OfWords);
}
