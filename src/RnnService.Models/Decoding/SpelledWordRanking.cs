using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>Ranks words that are spelled with several tokens: characters or pieces of words.</summary>
sealed class SpelledWordRanking(ITokenizer tokenizer) : IWordRanking
{
    readonly WordPieces _pieces = new(tokenizer);

    public PromptText Prepare(PromptText text) => tokenizer is BytePairTokenizer ? text.Reopen(_pieces) : text;

    public WordPrediction[] Rank(StepSession session, PromptText before, string prefix, int top, CancellationToken cancellationToken) =>
        new WordSearch(_pieces, before, prefix, top).Run(session, cancellationToken);
}
