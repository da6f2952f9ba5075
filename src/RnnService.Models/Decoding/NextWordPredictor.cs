using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>Ranks the words that may follow a text. Safe to share between threads.</summary>
public sealed class NextWordPredictor
{
    readonly LanguageModel _model;
    readonly ITokenizer _tokenizer;
    readonly Candidate[] _candidates;

    /// <param name="model">a language model over words</param>
    /// <param name="tokenizer">the tokenizer the model was trained with</param>
    /// <exception cref="ArgumentException">the tokenizer splits into characters or pieces of words</exception>
    public NextWordPredictor(LanguageModel model, ITokenizer tokenizer)
    {
        if (!Reads(tokenizer))
            throw new ArgumentException("Next words come from a model over words; this one reads characters or pieces of words.", nameof(tokenizer));
        _model = model;
        _tokenizer = tokenizer;
        _candidates = [.. Enumerable.Range(0, tokenizer.Vocabulary.Count).Where(IsWord).Select(id => new Candidate(id, tokenizer.Display(id)))];
    }

    /// <summary>Whether a tokenizer's tokens are words.</summary>
    public static bool Reads(ITokenizer tokenizer) => tokenizer is not (CharTokenizer or BytePairTokenizer);

    /// <summary>The most probable next words, best first. Punctuation and special tokens are no words.</summary>
    /// <param name="text">what stands before the word</param>
    /// <param name="prefix">the letters of the word typed so far: only words that begin with it count, case aside. Where
    /// <paramref name="text"/> already ends with these letters they belong to the word, not to the text before it.</param>
    /// <param name="top">number of words, 1 or more; fewer come back where fewer begin with the prefix</param>
    /// <param name="cancellationToken">checked while a long text is read</param>
    /// <returns>the words, and the number of tokens read for them</returns>
    public (IReadOnlyList<WordPrediction> Predictions, int TokensRead) Predict(
        string text, string? prefix, int top, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        prefix = Normalize(prefix);
        int[] tokenIds = PromptReader.Encode(_tokenizer, TextBeforePrefix(text, prefix));
        var logits = PromptReader.Read(_model, tokenIds, cancellationToken).Logits;
        return (MostProbable(logits, prefix, top), tokenIds.Length);
    }

    WordPrediction[] MostProbable(ReadOnlySpan<float> logits, string prefix, int top)
    {
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

    /// <summary>Prefixes are compared with words as the vocabulary spells them: with a straight apostrophe.</summary>
    static string Normalize(string? prefix) => prefix?.Trim().Replace('’', '\'') ?? "";

    static string TextBeforePrefix(string text, string prefix)
    {
        if (prefix.Length == 0 || !text.Replace('’', '\'').EndsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return text;
        string before = text[..^prefix.Length];
        return before.Length == 0 || !IsPartOfWord(before[^1]) ? before : text;
    }

    static bool IsPartOfWord(char c) => char.IsLetterOrDigit(c) || c is '\'' or '’';

    bool IsWord(int tokenId) => tokenId > Vocabulary.EosId && _tokenizer.Vocabulary[tokenId].Any(char.IsLetterOrDigit);

    readonly record struct Candidate(int TokenId, string Word);
}
