using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>Ranks words that are tokens.</summary>
/// <param name="tokenizer">of the model</param>
/// <param name="ngrams">added to the network's prediction, or null</param>
sealed class WholeWordRanking(ITokenizer tokenizer, NgramMixture? ngrams) : IWordRanking
{
    readonly Candidate[] _candidates =
    [
        .. Enumerable.Range(0, tokenizer.Vocabulary.Count)
            .Where(id => !Vocabulary.IsSpecial(id) && tokenizer.Vocabulary[id].Any(char.IsLetterOrDigit))
            .Select(id => new Candidate(id, tokenizer.Display(id))),
    ];

    public PromptText Prepare(PromptText text) => text;

    public WordPrediction[] Rank(StepSession session, PromptText before, string prefix, int top, CancellationToken cancellationToken)
    {
        float[] probabilities = session.Logits.ToArray();
        SoftmaxKernel.Softmax(probabilities);
        ngrams?.Mix(before.TokenIds, probabilities);
        // The least probable of the best so far is at the head; equal words rank by id, so that the order never depends on the queue.
        var best = new PriorityQueue<Candidate, (float Probability, int NegativeId)>(top + 1);
        foreach (var candidate in _candidates)
        {
            var rank = (probabilities[candidate.TokenId], -candidate.TokenId);
            if (best.Count == top && best.TryPeek(out _, out var least) && rank.CompareTo(least) < 0)
                continue;
            if (!candidate.Word.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            best.Enqueue(candidate, rank);
            if (best.Count > top)
                best.Dequeue();
        }
        var predictions = new WordPrediction[best.Count];
        for (int index = predictions.Length - 1; index >= 0; index--)
        {
            var candidate = best.Dequeue();
            predictions[index] = new WordPrediction(candidate.Word, probabilities[candidate.TokenId]);
        }
        return predictions;
    }

    readonly record struct Candidate(int TokenId, string Word);
}
