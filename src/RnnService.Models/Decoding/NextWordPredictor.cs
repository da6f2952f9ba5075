using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>Ranks the words that may follow a text. Safe to share between threads.</summary>
public sealed class NextWordPredictor
{
    readonly LanguageModel _model;
    readonly ITokenizer _tokenizer;
    readonly IWordRanking _ranking;
    readonly bool _spelled;

    /// <param name="model">a language model over words, pieces of words or characters</param>
    /// <param name="tokenizer">the tokenizer the model was trained with</param>
    /// <param name="ngrams">added to the predictions of a model over words, or null</param>
    public NextWordPredictor(LanguageModel model, ITokenizer tokenizer, NgramMixture? ngrams = null)
    {
        (_model, _tokenizer) = (model, tokenizer);
        _spelled = tokenizer is CharTokenizer or BytePairTokenizer;
        _ranking = _spelled ? new SpelledWordRanking(tokenizer) : new WholeWordRanking(tokenizer, ngrams);
    }

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
        text = TextBeforePrefix(ComposedText.Of(text), prefix);
        if (_spelled)
            text = text.TrimEnd(' ');   // the word brings the blank before it
        int[] tokenIds = PromptReader.Encode(_tokenizer, text);
        var before = _ranking.Prepare(new PromptText(text, tokenIds));
        var session = PromptReader.Read(_model, before.TokenIds, cancellationToken);
        return (_ranking.Rank(session, before, prefix, top, cancellationToken), tokenIds.Length);
    }

    /// <summary>Prefixes are compared with words as the vocabulary spells them: letters with their marks, and a straight apostrophe.</summary>
    static string Normalize(string? prefix) => ComposedText.Of(prefix)?.Trim().Replace('’', '\'') ?? "";

    static string TextBeforePrefix(string text, string prefix)
    {
        if (prefix.Length == 0 || !text.Replace('’', '\'').EndsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return text;
        string before = text[..^prefix.Length];
        // In the middle of a word the letters are no prefix of their own, but where words stand without blanks every letter may be one.
        return before.Length == 0 || !IsPartOfWord(before[^1]) || WordPattern.IsUnspaced(prefix[0]) ? before : text;
    }

    static bool IsPartOfWord(char c) => (char.IsLetterOrDigit(c) && !WordPattern.IsUnspaced(c)) || c is '\'' or '’';
}
