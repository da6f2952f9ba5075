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
    /// Continues <paramref name="prompt"/>; the pieces joined are the continuation without the prompt. The last piece, and only it, has
    /// a finish reason. Each token is computed when the next piece is asked for.
    /// </summary>
    /// <exception cref="ArgumentException">an option outside its range</exception>
    /// <exception cref="OperationCanceledException">the caller left; checked before each token</exception>
    public IEnumerable<GeneratedPiece> Generate(string prompt, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        return Continue(prompt, options, cancellationToken);
    }

    IEnumerable<GeneratedPiece> Continue(string prompt, GenerationOptions options, CancellationToken cancellationToken)
    {
        var before = new PromptText(prompt, PromptReader.Encode(tokenizer, prompt));
        if (_pieces is not null)
            before = before.Reopen(_pieces);
        List<int> ids = [.. before.TokenIds];
        var session = PromptReader.Read(model, CollectionsMarshal.AsSpan(ids), cancellationToken);
        var sampler = new Sampler(options.Sampling, model.VocabularySize, ExcludedIds);
        var scanner = new StopScanner(options.Stop);
        var finishReason = FinishReason.Length;
        int tokens = 0;
        bool isFed = true;
        string piece = "";
        if (before.Reopened.Length > 0)
        {
            ids.Add(DrawOver(before.Reopened, session, sampler));
            piece = _pieces!.TextOf([], ids[^1])[before.Reopened.Length..];
            isFed = false;
        }
        while (tokens < options.MaxTokens)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (piece.Length == 0)
            {
                if (!isFed)
                    session.Feed(ids[^1]);
                int tokenId = sampler.Next(session.Logits);
                if (tokenId == Vocabulary.EosId)
                {
                    finishReason = FinishReason.Stop;
                    break;
                }
                piece = tokenizer.DecodeNext(CollectionsMarshal.AsSpan(ids), tokenId);
                if (tokens == 0)
                    piece = WithoutSecondBlank(prompt, piece);
                ids.Add(tokenId);
                isFed = false;
            }
            tokens++;
            string text = scanner.Append(piece);
            piece = "";
            if (text.Length > 0)
                yield return new GeneratedPiece(text, tokens, null);
            if (scanner.Stopped)
            {
                finishReason = FinishReason.Stop;
                break;
            }
        }
        yield return new GeneratedPiece(scanner.Flush(), tokens, finishReason);
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
