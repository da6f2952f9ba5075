using System.Runtime.InteropServices;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>Continues a text token by token. Safe to share between threads; each text has its own session.</summary>
/// <param name="model">a language model</param>
/// <param name="tokenizer">the tokenizer it was trained with</param>
public sealed class TextGenerator(LanguageModel model, ITokenizer tokenizer)
{
    readonly bool _characters = tokenizer is CharTokenizer;
    readonly WordPieces? _pieces = tokenizer is BytePairTokenizer ? new WordPieces(tokenizer) : null;

    /// <summary>
    /// Continues <paramref name="prompt"/>; the pieces joined are the continuation without the prompt, one token at least unless the prompt is
    /// empty. The last piece, and only it, has a finish reason. Each token is computed when the next piece is asked for.
    /// </summary>
    /// <exception cref="ArgumentException">an option outside its range</exception>
    /// <exception cref="OperationCanceledException">the caller left; checked before each token</exception>
    public IEnumerable<GeneratedPiece> Generate(string prompt, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        return Continue(ComposedText.Of(prompt), options, cancellationToken);
    }

    IEnumerable<GeneratedPiece> Continue(string prompt, GenerationOptions options, CancellationToken cancellationToken)
    {
        var scanner = new StopScanner(options.Stop);
        int tokens = 0;
        foreach (string piece in Draw(prompt, options.Sampling, cancellationToken).Take(options.MaxTokens))
        {
            tokens++;
            string text = scanner.Append(piece);
            if (text.Length > 0)
                yield return new GeneratedPiece(text, tokens, null);
            if (scanner.Stopped)
                break;
        }
        bool isCut = tokens == options.MaxTokens && !scanner.Stopped;
        yield return new GeneratedPiece(scanner.Flush(), tokens, isCut ? FinishReason.Length : FinishReason.Stop);
    }

    // What each token adds to the text, until one ends it.
    IEnumerable<string> Draw(string prompt, SamplingOptions sampling, CancellationToken cancellationToken)
    {
        var before = new PromptText(prompt, PromptReader.Encode(tokenizer, prompt));
        if (_pieces is not null)
            before = before.Reopen(_pieces);
        List<int> ids = [.. before.TokenIds];
        var session = PromptReader.Read(model, CollectionsMarshal.AsSpan(ids), cancellationToken);
        var sampler = new Sampler(sampling, model.VocabularySize, ExcludedIds);
        if (before.Reopened.Length > 0)
        {
            int drawn = DrawOver(before.Reopened, session, sampler);
            ids.Add(drawn);
            string over = _pieces!.TextOf([], drawn)[before.Reopened.Length..];
            if (over.Length > 0)
                yield return over;
            session.Feed(drawn);
        }
        bool isBegun = ids.Count > before.TokenIds.Length;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int drawn = sampler.Next(session.Logits);
            if (drawn == Vocabulary.EosId)
            {
                if (isBegun || prompt.Length == 0)
                    yield break;
                drawn = DrawNextSentence(session, sampler);
            }
            isBegun = true;
            string piece = tokenizer.DecodeNext(CollectionsMarshal.AsSpan(ids), drawn);
            yield return ids.Count == before.TokenIds.Length ? WithoutSecondBlank(prompt, piece) : piece;
            ids.Add(drawn);
            session.Feed(drawn);
        }
    }

    // A prompt that ends a sentence is continued by the next one: an empty answer would help nobody.
    static int DrawNextSentence(StepSession session, Sampler sampler)
    {
        session.Feed(Vocabulary.EosId);
        sampler.Exclude(Vocabulary.EosId, true);
        int drawn = sampler.Next(session.Logits);
        sampler.Exclude(Vocabulary.EosId, false);
        return drawn;
    }

    // One of the tokens that begin with the end of the prompt: that end itself, or one that reaches over it.
    int DrawOver(string reopened, StepSession session, Sampler sampler)
    {
        int[] others = [.. Enumerable.Range(0, _pieces!.Count).Where(id => !_pieces.TextOf([], id).StartsWith(reopened, StringComparison.Ordinal))];
        foreach (int id in others)
            sampler.Exclude(id, true);
        int drawn = sampler.Next(session.Logits);
        foreach (int id in others.Except(ExcludedIds))
            sampler.Exclude(id, false);
        return drawn;
    }

    int[] ExcludedIds => _characters
        ? [Vocabulary.PadId, Vocabulary.UnknownId, Vocabulary.BosId, Vocabulary.EosId]
        : [Vocabulary.PadId, Vocabulary.UnknownId, Vocabulary.BosId];

    /// <summary>Words bring the blank before them; where the prompt ends with one already, it stays the only one.</summary>
    string WithoutSecondBlank(string prompt, string piece) =>
        !_characters && prompt.Length > 0 && char.IsWhiteSpace(prompt[^1]) ? piece.TrimStart(' ') : piece;
}
