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
        List<int> ids = [.. PromptReader.Encode(tokenizer, prompt)];
        var session = PromptReader.Read(model, CollectionsMarshal.AsSpan(ids), cancellationToken);
        var sampler = new Sampler(options.Sampling, model.VocabularySize, ExcludedIds);
        var scanner = new StopScanner(options.Stop);
        var finishReason = FinishReason.Length;
        int tokens = 0;
        while (tokens < options.MaxTokens)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (tokens > 0)
                session.Feed(ids[^1]);
            int tokenId = sampler.Next(session.Logits);
            if (tokenId == Vocabulary.EosId)
            {
                finishReason = FinishReason.Stop;
                break;
            }
            string piece = tokenizer.DecodeNext(CollectionsMarshal.AsSpan(ids), tokenId);
            if (tokens++ == 0)
                piece = WithoutSecondBlank(prompt, piece);
            ids.Add(tokenId);
            string text = scanner.Append(piece);
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

    int[] ExcludedIds => _characters
        ? [Vocabulary.PadId, Vocabulary.UnknownId, Vocabulary.BosId, Vocabulary.EosId]
        : [Vocabulary.PadId, Vocabulary.UnknownId, Vocabulary.BosId];

    /// <summary>Words bring the blank before them; where the prompt ends with one already, it stays the only one.</summary>
    string WithoutSecondBlank(string prompt, string piece) =>
        !_characters && prompt.Length > 0 && char.IsWhiteSpace(prompt[^1]) ? piece.TrimStart(' ') : piece;
}
