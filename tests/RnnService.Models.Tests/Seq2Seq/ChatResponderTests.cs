using RnnService.Models.Decoding;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Tests.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Seq2Seq;

public class ChatResponderTests
{
    static readonly CharTokenizer _tokenizer = TinyModels.Characters("abcdefgh \n");

    /// <summary>Says what it was told, and nothing else.</summary>
    static readonly ChatResponder _parrot = Responder((source, written) =>
        Peak(written.Length < source.Length ? source[written.Length] : Vocabulary.EosId));

    static ChatResponder Responder(Func<int[], int[], float[]> logits) => new(_ => new AutomatonDecoder(logits), _tokenizer, maxLength: 8);

    static float[] Peak(int tokenId)
    {
        float[] logits = new float[_tokenizer.Vocabulary.Count];
        logits[tokenId] = 50;
        return logits;
    }

    static string Reply(ChatResponder responder, string text, SamplingOptions? sampling = null) =>
        responder.Reply(text, sampling ?? ChatResponder.DefaultSampling, TestContext.Current.CancellationToken).Text;

    [Theory, InlineData("ab", "ab"), InlineData(" ab \n\n  c\r\n", "ab\nc"), InlineData("abcdefgh\nabcde", "gh\nabcde"), InlineData("aaaaaaaaaaaaaaab", "aaaaaaab")]
    public void Reply_Turns_ReadsTheEndOfThem(string text, string expected) => Assert.Equal(expected, Reply(_parrot, text));

    [Fact]
    public void Reply_EndIsMostProbable_StillSaysSomething() => Assert.NotEmpty(Reply(Responder((_, _) => Peak(Vocabulary.EosId)), "ab", new() { TopK = 3, Seed = 1 }));

    [Fact]
    public void Reply_Seed_RepeatsTheReply()
    {
        var responder = Responder((_, _) => new float[_tokenizer.Vocabulary.Count]);
        string[] replies = [.. Enumerable.Range(0, 20).Select(seed => Reply(responder, "ab", new() { Seed = seed }))];
        Assert.Equal(replies, Enumerable.Range(0, 20).Select(seed => Reply(responder, "ab", new() { Seed = seed })));
        Assert.True(replies.Distinct().Count() > 10);
    }

    [Fact]
    public void Reply_CallerWhoLeft_Stops() =>
        Assert.Throws<OperationCanceledException>(() => _parrot.Reply("ab", new(), new CancellationToken(canceled: true)));
}
