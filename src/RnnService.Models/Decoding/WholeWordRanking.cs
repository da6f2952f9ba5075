using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>Ranks words that are tokens.</summary>
sealed class WholeWordRanking(ITokenizer tokenizer) : IWordRanking
{
    readonly Candidate[] _candidates =
    [
        .. Enumerable.Range(0, tokenizer.Vocabulary.Count)
            .Where(id => !Vocabulary.IsSpecial(id) && tokenizer.Vocabulary[id].Any(char.IsLetterOrDigit))
            .Select(id => new Candidate(id, tokenizer.Display(id))),
    ];

    public WordPrediction[] Rank(StepSession session, string textBefore, string prefix, int top, CancellationToken cancellationToken)
    {
        var logits = session.Logits;
        // The least probable of the best so far is at the head; equal logits rank by id, so that the order never depends on the queue.
        var best = new PriorityQueue<Candidate, (float Logit, int NegativeId)>(top + 1);
        foreach (var candidate in _candidates)
        {
            var rank = (logits[candidate.TokenId], -candidate.TokenId);
            if (best.Count == top && best.TryPeek(out _, out var least) && rank.CompareTo(least) < 0)
                continue;
            if (!candidate.Word.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            best.Enqueue(candidate, rank);
            if (best.Count > top)
                best.Dequeue();
        }
        float normalizer = SoftmaxKernel.LogSumExp(logits);
        var predictions = new WordPrediction[best.Count];
        for (int index = predictions.Length - 1; index >= 0; index--)
        {
            var candidate = best.Dequeue();
            predictions[index] = new WordPrediction(candidate.Word, Math.Exp(logits[candidate.TokenId] - normalizer));
        }
        return predictions;
    }

    readonly record struct Candidate(int TokenId, string Word);
}
