using RnnService.Models.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Seq2Seq;

/// <summary>Answers the last turn of a conversation that its caller holds. Safe to share between threads.</summary>
public sealed class ChatResponder
{
    /// <summary>Stands between two turns in a source.</summary>
    public const string TurnSeparator = "\n";

    readonly WorkspacePool<IDecoder> _decoders;
    readonly ITokenizer _tokenizer;
    readonly int _maxLength;

    /// <param name="model">an encoder-decoder from turns to the next turn; its weights must not change while it answers</param>
    /// <param name="tokenizer">the tokenizer it was trained with</param>
    public ChatResponder(Seq2SeqModel model, ITokenizer tokenizer)
        : this(model.CreateSession, tokenizer, model.Seq2Seq.MaxLength)
    {
    }

    /// <param name="createDecoder">a decoder with room for so many hypotheses</param>
    /// <param name="tokenizer">its tokens</param>
    /// <param name="maxLength">the most tokens it reads and writes</param>
    public ChatResponder(Func<int, IDecoder> createDecoder, ITokenizer tokenizer, int maxLength)
    {
        (_decoders, _tokenizer, _maxLength) = (new WorkspacePool<IDecoder>(createDecoder), tokenizer, maxLength);
    }

    /// <summary>How replies are drawn where the caller does not say: various, but nothing improbable.</summary>
    public static SamplingOptions DefaultSampling { get; } = new() { Temperature = 0.7, TopP = 0.9 };

    /// <summary>The next turn.</summary>
    /// <param name="text">the turns so far, one a line, the last one at the end; of a long text the end is read</param>
    /// <param name="sampling">how each token is drawn</param>
    /// <param name="cancellationToken">checked before each token</param>
    /// <exception cref="ArgumentException">an option outside its range</exception>
    /// <exception cref="OperationCanceledException">the caller left</exception>
    public ChatReply Reply(string text, SamplingOptions sampling, CancellationToken cancellationToken = default)
    {
        var turns = ComposedText.Of(text).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] source = _tokenizer.Encode(string.Join(TurnSeparator, turns));
        source = source[^Math.Min(_maxLength, source.Length)..];
        var sampler = new Sampler(sampling, _tokenizer.Vocabulary.Count, Vocabulary.PadId, Vocabulary.UnknownId, Vocabulary.BosId);
        var reply = _decoders.Use(1, decoder => new SequenceSampler(decoder, sampler).Draw(source, minLength: 1, _maxLength, cancellationToken));
        return new ChatReply(_tokenizer.Decode(reply.TokenIds).Trim(), source.Length + reply.TokenIds.Length);
    }
}

/// <summary>The next turn of a conversation.</summary>
/// <param name="Text">what is said</param>
/// <param name="Tokens">number of tokens read and written</param>
public sealed record ChatReply(string Text, int Tokens);
