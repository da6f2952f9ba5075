using FsCheck.Fluent;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public class CharTokenizerTests
{
    static ITokenizer Trained(bool lowercase, params string[] lines) =>
        TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Char, Lowercase = lowercase }, lines);

    [Fact]
    public void Decode_EncodedText_IsTheText()
    {
        const string text = "To be,\nor 👍 not\t“to be”";
        var tokenizer = Trained(lowercase: false, text.Split('\n'));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Train_Lines_MakeTheLineEndAToken()
    {
        var tokenizer = Trained(lowercase: false, "a", "b");
        Assert.NotEqual(Vocabulary.UnknownId, tokenizer.Vocabulary.IdOf("\n"));
    }

    [Fact]
    public void Encode_UpperCaseWhereCaseIsFolded_GivesTheSameIds()
    {
        var tokenizer = Trained(lowercase: true, "Été");
        Assert.Equal(tokenizer.Encode("été"), tokenizer.Encode("ÉTÉ"));
        Assert.DoesNotContain(Vocabulary.UnknownId, tokenizer.Encode("ÉTÉ"));
    }

    [Fact]
    public void Tokenize_AnyText_CoversItAndAgreesWithEncode()
    {
        var tokenizer = Trained(lowercase: true, "abcdefghij 👍");
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<string>(text =>
        {
            text ??= "";
            var tokens = tokenizer.Tokenize(text);
            Assert.Equal(text, string.Concat(tokens.Select(token => text.Substring(token.Start, token.Length))));
            Assert.Equal(tokens.Select(token => token.Id), tokenizer.Encode(text));
        }));
    }

    [Fact]
    public void DecodeNext_SpecialToken_IsEmpty() =>
        Assert.Equal("", Trained(lowercase: false, "a").DecodeNext([], Vocabulary.UnknownId));
}
