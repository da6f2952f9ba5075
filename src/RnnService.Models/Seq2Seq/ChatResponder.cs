using RnnService.Models.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Seq2Seq;

/// <summary>Answers the last turn of a conversation that its caller holds. Safe to share between threads.</summary>
public sealed class ChatResponder
{
    /// <summary>Stands between two turns in a source.</summary>
    public const string TurnSeparator = "\n";

    readonly Func<int, IDecoder> _createDecoder;
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
        (_createDecoder, _tokenizer, _maxLength) = (createDecoder, tokenizer, maxLength);
    }

    /// <summary>How replies are drawn where the caller does not say: various, but nothing improbable.</summary>
    public static SamplingOptions DefaultSampling { get; } = new() { Temperature = 0.7, TopP = 0.9 };

    /// <summary>The next turn.</summary>
    /// <param name="text">the turns so far, one a line, the last one at the end; of a long text the end is read</param>
    /// <param name="sampling">how each token is drawn</param>
    /// <param name="cancellationToken">checked before each token</param>
    /// <exception cref="ArgumentException">an option outside its range</exception>
    /// <exception cref="OperationCanceledException">the caller left</exception>
    public string Reply(string text, SamplingOptions sampling, CancellationToken cancellationToken = default)
    {
        var turns = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] source = _tokenizer.Encode(string.Join(TurnSeparator, turns));
        var sampler = new Sampler(sampling, _tokenizer.Vocabulary.Count, Vocabulary.PadId, Vocabulary.UnknownId, Vocabulary.BosId);
        var reply = new SequenceSampler(_createDecoder(1), sampler)
            .Draw(source[^Math.Min(_maxLength, source.Length)..], minLength: 1, _maxLength, cancellationToken);
        return _tokenizer.Decode(reply.TokenIds).Trim();
    }
}
