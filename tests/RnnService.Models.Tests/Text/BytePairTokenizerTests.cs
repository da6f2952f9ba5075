using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public class BytePairTokenizerTests
{
    static readonly ITokenizer _mixed = Trained(600, [.. MixedText.Lines(2000, seed: 1)]);

    static ITokenizer Trained(int vocabularySize, params string[] lines) =>
        TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Bpe, VocabularySize = vocabularySize }, lines);

    static string[] TokensOf(ITokenizer tokenizer, string text) => [.. tokenizer.Tokenize(text).Select(token => token.Text)];

    static bool IsValidUnicode(string text) => text.EnumerateRunes().Sum(character => character.Utf16SequenceLength) == text.Length
        && text.EnumerateRunes().All(character => character != Rune.ReplacementChar);

    [Fact]
    public void Train_Counts_MergesTheMostFrequentPairFirst()
    {
        // The worked example of Sennrich, Haddow and Birch 2016, figure 1, without its end-of-word mark: pieces here begin with a blank.
        string[] lines = [.. Enumerable.Repeat("low", 5), .. Enumerable.Repeat("lower", 2), .. Enumerable.Repeat("newest", 6), .. Enumerable.Repeat("widest", 3)];
        var tokenizer = (BytePairTokenizer)Trained(264, lines);
        // es and st occur 9 times each, e has the lower id; then est 9, lo 7 and low 7.
        Assert.Equal(["es", "est", "lo", "low"], Enumerable.Range(260, 4).Select(id => tokenizer.Vocabulary[id]));
        Assert.Equal(["low", "est"], TokensOf(tokenizer, "lowest"));
        Assert.Equal(["e", "st"], TokensOf(Trained(261, "st"), "est"));
    }

    [Fact]
    public void Train_RepeatedCharacter_IsMergedFromTheLeft() =>
        Assert.Equal(["aa", "aa", "a"], TokensOf(Trained(261, "aaaaa aaa aa"), "aaaaa"));

    [Fact]
    public void Train_MinCount_LeavesRarePairsApart()
    {
        var settings = new TokenizerSettings { Type = TokenizerKind.Bpe, MinCount = 3 };
        Assert.Equal(262, TokenizerTrainer.Train(settings, ["ab abc ab abc cd"]).Vocabulary.Count);
    }

    [Fact]
    public void Train_Chinese_JoinsWholeCharactersOnly()
    {
        var vocabulary = Trained(400, [.. Enumerable.Repeat("我们喜欢学习，我们昨天学习。", 3)]).Vocabulary;
        Assert.Contains("我们", Enumerable.Range(4, vocabulary.Count - 4).Select(id => Text(vocabulary[id])));
        for (int id = 260; id < vocabulary.Count; id++)
        {
            byte[] bytes = ByteAlphabetBytes(vocabulary[id]);
            // Either whole characters, or the beginning of one.
            Assert.True(System.Text.Unicode.Utf8.IsValid(bytes) || bytes is [>= 0xC0, >= 0x80 and < 0xC0, ..] and { Length: <= 3 }, vocabulary[id]);
        }
        static string Text(string token) => Encoding.UTF8.GetString(ByteAlphabetBytes(token));
    }

    [Fact]
    public void Train_SameLinesInAnotherOrder_GivesTheSameTokenizer()
    {
        string[] lines = [.. MixedText.Lines(300, seed: 2)];
        var (one, other) = ((BytePairTokenizer)Trained(500, lines), (BytePairTokenizer)Trained(500, [.. lines.Reverse()]));
        Assert.Equal(one.Merges, other.Merges);
        Assert.Equal(500, one.Vocabulary.Count);
    }

    [Theory]
    [InlineData("the students opened their", "the|Ġstudents|Ġopened|Ġtheir")]
    [InlineData("我们喜欢", "æĪĳä»¬|åĸľæ¬¢")]
    [InlineData("  ", "ĠĠ")]
    [InlineData("", "")]
    public void Encode_KnownWords_AreSingleTokens(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', TokensOf(_mixed, text)));

    [Fact]
    public void Encode_SpecialTokenInText_IsText() => Assert.DoesNotContain(_mixed.Encode("<eos><unk>"), Vocabulary.IsSpecial);

    [Fact]
    public void Decode_AnyText_IsTheTextWithoutUnknownTokens()
    {
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<string, PositiveInt>((text, seed) =>
        {
            text = (text ?? "") + MixedText.Lines(1, seed.Get).Single();
            int[] ids = _mixed.Encode(text);
            Assert.DoesNotContain(ids, Vocabulary.IsSpecial);
            if (IsValidUnicode(text))
                Assert.Equal(text, _mixed.Decode(ids));
        }));
    }

    [Fact]
    public void Train_AnyLines_AreDecodedByAnEqualTokenizer()
    {
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll<PositiveInt, PositiveInt>((seed, size) =>
        {
            string[] lines = [.. MixedText.Lines(20, seed.Get)];
            int vocabularySize = 260 + size.Get * 5;
            var (one, again) = ((BytePairTokenizer)Trained(vocabularySize, lines), (BytePairTokenizer)Trained(vocabularySize, lines));
            Assert.Equal(one.Merges, again.Merges);
            foreach (string line in lines)
                Assert.Equal(line, again.Decode(one.Encode(line)));
        }));
    }

    [Fact]
    public void Tokenize_AnyText_CoversItAndAgreesWithEncode()
    {
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<string, PositiveInt>((text, seed) =>
        {
            text = MixedText.Lines(1, seed.Get).Single() + text;
            var tokens = _mixed.Tokenize(text);
            Assert.Equal(text, string.Concat(tokens.Select(token => text.Substring(token.Start, token.Length))));
            Assert.Equal(_mixed.Encode(text), tokens.Select(token => token.Id));
        }));
    }

    [Fact]
    public void DecodeNext_TokenByToken_WritesTheTextAsDecodeDoes()
    {
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<int[]>(numbers =>
        {
            // Any ids, also bytes that are no text and special tokens in between.
            int[] ids = [.. numbers.Select(number => (int)((uint)number % _mixed.Vocabulary.Count)), .. _mixed.Encode("我们𠀀 the é👍")];
            Assert.Equal(_mixed.Decode(ids), string.Concat(ids.Select((id, i) => _mixed.DecodeNext(ids.AsSpan(0, i), id))));
        }));
    }

    [Fact]
    public void DecodeNext_PartsOfACharacter_AreWrittenWithTheLast()
    {
        int[] ids = _mixed.Encode("\U0002A000");
        Assert.True(ids.Length > 1);
        Assert.Equal("", _mixed.DecodeNext([], ids[0]));
        Assert.Equal("\U0002A000", _mixed.DecodeNext(ids.AsSpan(..^1), ids[^1]));
        Assert.Equal("", _mixed.Decode(ids.AsSpan(..^1)));
    }

    [Fact]
    public void Display_Tokens_AreReadable()
    {
        Assert.Equal(["students", "喜欢"], _mixed.Encode(" students喜欢").Select(_mixed.Display));
        Assert.Equal(" ", _mixed.Display(_mixed.Vocabulary.IdOf("Ġ")));
        Assert.Equal("<0xFF>", _mixed.Display(_mixed.Vocabulary.IdOf("ÿ")));
        Assert.Equal("<eos>", _mixed.Display(Vocabulary.EosId));
    }

    [Theory, InlineData("a"), InlineData("ab"), InlineData(" "), InlineData("'a"), InlineData("1"), InlineData("."), InlineData("我们"), InlineData("👍")]
    public void Encode_LongRepetition_TakesNearlyLinearTime(string unit)
    {
        // Quadratic merging would need minutes here, so the limit never depends on the machine's mood.
        string text = string.Concat(Enumerable.Repeat(unit, 300_000 / unit.Length));
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(text, _mixed.Decode(_mixed.Encode(text)));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Encode_ManyThreads_GivesTheSameIds()
    {
        string[] lines = [.. MixedText.Lines(200, seed: 3)];
        var shared = Trained(500, lines);
        int[][] expected = [.. lines.Select(Trained(500, lines).Encode)];
        Parallel.For(0, 2000, i => Assert.Equal(expected[i % lines.Length], shared.Encode(lines[i % lines.Length])));
    }

    [Fact]
    public void Constructor_MissingByte_IsNamed()
    {
        var wrong = Assert.Throws<ArgumentException>(() => new BytePairTokenizer(new Vocabulary(["a"]), []));
        Assert.StartsWith("no token for the byte 0x00", wrong.Message, StringComparison.Ordinal);
    }

    // The alphabet's definition, written differently: bytes that Latin-1 shows stand for themselves.
    static byte[] ByteAlphabetBytes(string token)
    {
        int[] hidden = [.. Enumerable.Range(0, 33), .. Enumerable.Range(127, 34), 173];
        return [.. token.Select(character => character < 256 ? (byte)character : (byte)hidden[character - 256])];
    }
}
