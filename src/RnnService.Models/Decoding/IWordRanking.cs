using RnnService.Models.LanguageModels;

namespace RnnService.Models.Decoding;

/// <summary>Ranks the words that may come next. Safe to share between threads.</summary>
interface IWordRanking
{
    /// <summary>What of a text is to be read before <see cref="Rank"/>.</summary>
    /// <param name="text">the whole text before the word</param>
    PromptText Prepare(PromptText text);

    /// <summary>The most probable words, best first.</summary>
    /// <param name="session">has read <paramref name="before"/>, one row</param>
    /// <param name="before">of <see cref="Prepare"/></param>
    /// <param name="prefix">with what the word begins, case aside; may be empty</param>
    /// <param name="top">words wanted, 1 or more</param>
    /// <param name="cancellationToken">checked before more is read</param>
    WordPrediction[] Rank(StepSession session, PromptText before, string prefix, int top, CancellationToken cancellationToken);
}
