using System.Diagnostics;
using FsCheck.Fluent;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public class WordTokenizerTests
{
    static readonly WordTokenizer _splitter = new(new Vocabulary([]), lowercase: false);

    static WordTokenizer Trained(params string[] lines) =>
        (WordTokenizer)TokenizerTrainer.Train(new TokenizerSettings { Lowercase = true }, lines);

    [Theory]
    [InlineData("She opened their books.", "She|opened|their|books|.")]
    [InlineData("I don't know what Tom's dog'd do, o'clock!", "I|don't|know|what|Tom's|dog'd|do|,|o'clock|!")]
    [InlineData("don’t “quote” ‘me’", "don't|\"|quote|\"|'|me|'")]
    [InlineData("the students' books", "the|students|'|books")]
    [InlineData("I‘m", "I'm")]
    [InlineData("$1,000.50 is 50% of 3.14, at 7:30.", "$|1,000.50|is|50|%|of|3.14|,|at|7:30|.")]
    [InlineData("the 20th of the 1990s, in 2B", "the|20th|of|the|1990s|,|in|2B")]
    [InlineData("The U.S. at 5 p.m. and Mr. Smith", "The|U.S.|at|5|p.m.|and|Mr|.|Smith")]
    [InlineData("well-known... yes -- no?!", "well|-|known|...|yes|--|no|?|!")]
    [InlineData("naïve façade élan Ångström", "naïve|façade|élan|Ångström")]
    [InlineData("e\u0301tude नमस्ते Привет مرحبا", "e\u0301tude|नमस्ते|Привет|مرحبا")]
    [InlineData("我喜欢RNN，真的。", "我|喜|欢|RNN|，|真|的|。")]
    [InlineData("ありがとう、世界", "あ|り|が|と|う|、|世|界")]
    [InlineData("hi 👍🏽 ♥\uFE0F ok", "hi|👍|🏽|♥\uFE0F|ok")]
    [InlineData("\uFEFFa\u200Bb\0c\td\u00A0e\n", "a|b|c|d|e")]
    [InlineData(" \t\r\n", "")]
    [InlineData("", "")]
    [InlineData("<unk>", "<|unk|>")]
    public void Tokenize_Text_GivesWordsNumbersAndMarks(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', _splitter.Tokenize(text).Select(token => token.Text)));

    [Fact]
    public void Tokenize_HalfASurrogatePair_IsAReplacementCharacter() =>
        Assert.Equal(["a", "\uFFFD", "b"], _splitter.Tokenize("a\uD800b").Select(token => token.Text));

    [Fact]
    public void Tokenize_Text_GivesOffsetsIntoIt()
    {
        const string text = "  Don’t go,\n世界 👍";
        string[] expected = ["Don’t", "go", ",", "世", "界", "👍"];
        Assert.Equal(expected, _splitter.Tokenize(text).Select(token => text.Substring(token.Start, token.Length)));
    }

    [Fact]
    public void Tokenize_AnyText_CoversEveryVisibleCharacterOnceAndAgreesWithEncode()
    {
        var tokenizer = Trained("some words to know , and a few more .");
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<string>(text =>
        {
            text ??= "";
            var tokens = tokenizer.Tokenize(text);
            int end = 0;
            foreach (var token in tokens)
            {
                Assert.True(token.Start >= end && token.Length > 0);
                Assert.All(text[end..token.Start], IsInvisible);
                end = token.Start + token.Length;
            }
            Assert.All(text[end..], IsInvisible);
            Assert.Equal(tokens.Select(token => token.Id), tokenizer.Encode(text));
        }));
        static void IsInvisible(char unit) => Assert.True(
            char.IsWhiteSpace(unit) || char.GetUnicodeCategory(unit)
                is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format);
    }

    [Theory, InlineData("a"), InlineData("a."), InlineData("1"), InlineData("1."), InlineData("a'"), InlineData("'"), InlineData("\u0301"), InlineData("-")]
    public void Encode_LongRepetition_TakesLinearTime(string unit)
    {
        // Quadratic matching would need minutes here, so the limit never depends on the machine's mood.
        string text = string.Concat(Enumerable.Repeat(unit, 400_000));
        long started = Stopwatch.GetTimestamp();
        Assert.NotEmpty(_splitter.Encode(text));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Encode_UnknownWord_GivesUnknownId()
    {
        var tokenizer = Trained("the cat sat");
        Assert.Equal([tokenizer.Vocabulary.IdOf("the"), Vocabulary.UnknownId, tokenizer.Vocabulary.IdOf("sat")], tokenizer.Encode("The dog SAT"));
    }

    [Fact]
    public void Encode_WithoutFolding_KeepsCaseApart()
    {
        var tokenizer = TokenizerTrainer.Train(new TokenizerSettings(), ["The cat"]);
        Assert.Equal([Vocabulary.UnknownId, tokenizer.Vocabulary.IdOf("The")], tokenizer.Encode("the The"));
    }

    [Fact]
    public void Display_FoldedTokens_ShowTheirUsualForm()
    {
        var tokenizer = Trained("The man and I saw Tom in Boston.", "Tom and the man saw the NATO. The end. “The” I said.", "Perhaps");
        string[] expected = ["I", "Tom", "Boston", "the", "NATO", "Perhaps", "man"];
        Assert.Equal(expected, expected.Select(word => tokenizer.Display(tokenizer.Encode(word)[0])));
    }

    [Theory]
    [InlineData("He said that Tom isn't here, is he?")]
    [InlineData("The well-known man (a friend) paid $5 for 50% of it; no more!")]
    [InlineData("Wait... It's 7:30. We left.")]
    [InlineData("The U.S. has it: and/or me.")]
    [InlineData("He said \"yes.\" Then he left.")]
    [InlineData("\"You know.\" \"I know.\"")]
    [InlineData("我喜欢RNN，真的。")]
    public void Decode_EncodedText_IsWrittenNaturally(string text)
    {
        var tokenizer = Trained(text, "x " + text.ToLowerInvariant().Replace("tom", "Tom", StringComparison.Ordinal)
            .Replace("u.s.", "U.S.", StringComparison.Ordinal).Replace("rnn", "RNN", StringComparison.Ordinal));
        Assert.Equal(text.Replace(".\" Then", ".\"Then", StringComparison.Ordinal), tokenizer.Decode(tokenizer.Encode(text)), ignoreCase: true);
    }

    [Fact]
    public void Decode_FoldedText_CapitalizesSentences()
    {
        var tokenizer = Trained("we saw them and we left .");
        Assert.Equal("We saw them. And we left.", tokenizer.Decode(tokenizer.Encode("we saw them. and we left.")));
    }

    [Fact]
    public void DecodeNext_SpecialTokens_AreEmptyAndUnknownKeepsItsBlank()
    {
        var tokenizer = Trained("the cat");
        int cat = tokenizer.Vocabulary.IdOf("cat");
        Assert.Equal("", tokenizer.DecodeNext([cat], Vocabulary.EosId));
        Assert.Equal("Cat", tokenizer.DecodeNext([Vocabulary.EosId], cat));
        Assert.Equal("Cat", tokenizer.DecodeNext([], cat));
        Assert.Equal(" cat", tokenizer.DecodeNext([Vocabulary.UnknownId], cat));
    }

    [Fact]
    public void Pretokenized_Text_IsSplitOnBlanksAndKnowsUnk()
    {
        var settings = new TokenizerSettings { Pretokenized = true };
        var tokenizer = TokenizerTrainer.Train(settings, [" mr. <unk> did n't  join N ", "mr. <unk>"]);
        Assert.Equal(4 + 5, tokenizer.Vocabulary.Count);
        Assert.Equal(
            [tokenizer.Vocabulary.IdOf("mr."), Vocabulary.UnknownId, tokenizer.Vocabulary.IdOf("n't")], tokenizer.Encode("mr. <unk> n't"));
        Assert.Equal("mr. did n't", tokenizer.Decode(tokenizer.Encode("mr. did n't")));
    }
}
