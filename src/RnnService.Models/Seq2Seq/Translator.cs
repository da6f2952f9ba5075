using RnnService.Models.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Seq2Seq;

/// <summary>Translates texts of any length sentence by sentence. Safe to share between threads.</summary>
public sealed class Translator
{
    // As many hypotheses share each reading of the weights; more gain little and hold much.
    const int RowsTogether = 64;

    readonly WorkspacePool<IDecoder> _decoders;
    readonly ITokenizer _tokenizer;
    readonly int _maxLength;
    readonly bool _wholeSentences;

    /// <param name="model">an encoder-decoder; its weights must not change while it translates</param>
    /// <param name="tokenizer">the tokenizer it was trained with</param>
    public Translator(Seq2SeqModel model, ITokenizer tokenizer)
        : this(model.CreateSession, tokenizer, model.Seq2Seq.MaxLength, model.Seq2Seq.WholeSentences)
    {
    }

    /// <param name="createDecoder">a decoder with room for so many hypotheses</param>
    /// <param name="tokenizer">its tokens</param>
    /// <param name="maxLength">the most tokens of a sentence it reads and writes</param>
    /// <param name="wholeSentences">as in <see cref="Seq2SeqSettings.WholeSentences"/></param>
    public Translator(Func<int, IDecoder> createDecoder, ITokenizer tokenizer, int maxLength, bool wholeSentences = false)
    {
        (_decoders, _tokenizer, _maxLength, _wholeSentences) = (new WorkspacePool<IDecoder>(createDecoder), tokenizer, maxLength, wholeSentences);
    }

    /// <summary>Translates a text, which may be empty; line breaks are kept.</summary>
    /// <exception cref="ArgumentException">an option outside its range</exception>
    /// <exception cref="OperationCanceledException">the caller left; checked before each step</exception>
    public Translation Translate(string text, TranslationOptions options, CancellationToken cancellationToken = default) =>
        TranslateAll([text], options, cancellationToken)[0];

    /// <summary>Translates texts, sentences of a length side by side.</summary>
    /// <inheritdoc cref="Translate"/>
    public IReadOnlyList<Translation> TranslateAll(
        IReadOnlyList<string> texts, TranslationOptions options, CancellationToken cancellationToken = default)
    {
        var search = options.Search(_maxLength);
        SourceText[] sources = [.. texts.Select(text => new SourceText(ComposedText.Of(text), _tokenizer, _maxLength, _wholeSentences))];
        Hypothesis[][][] found = [.. sources.Select(source => new Hypothesis[source.Parts.Count][])];
        var parts = sources.SelectMany((source, text) => source.Parts.Select((ids, part) => (Ids: ids, Text: text, Part: part)));
        foreach (var batch in parts.OrderByDescending(part => part.Ids.Length).Chunk(Math.Max(1, RowsTogether / search.BeamSize)))
        {
            var results = _decoders.Use(batch.Length * search.BeamSize, decoder =>
                new BeamSearch(decoder, search).Search([.. batch.Select(part => part.Ids)], cancellationToken));
            foreach (var (part, hypotheses) in batch.Zip(results))
                found[part.Text][part.Part] = hypotheses;
        }
        return [.. sources.Zip(found, (source, hypotheses) => source.Join(hypotheses, options.Alternatives))];
    }
}
