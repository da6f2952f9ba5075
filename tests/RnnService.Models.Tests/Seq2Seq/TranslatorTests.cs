using RnnService.Models.Seq2Seq;
using RnnService.Models.Tests.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Seq2Seq;

public class TranslatorTests
{
    // Each capital is written as the small letter after it, marks as the wide ones.
    const string Pairs = "AaBbCcDdEe,，.。?？  你好";

    static readonly CharTokenizer _tokenizer = TinyModels.Characters(Pairs.Replace("  ", " ", StringComparison.Ordinal));

    static int IdOf(char character) => _tokenizer.Vocabulary.IdOf(character.ToString());

    /// <summary>Writes letter by letter; for B it is not sure whether that is b or d.</summary>
    static AutomatonDecoder SmallLetters(List<int>? read = null) => new((source, written) =>
    {
        read?.AddRange(source);
        float[] logits = new float[_tokenizer.Vocabulary.Count];
        if (written.Length >= source.Length)
        {
            logits[Vocabulary.EosId] = 20;
            return logits;
        }
        string letter = _tokenizer.Vocabulary[source[written.Length]];
        logits[IdOf(Pairs[Pairs.IndexOf(letter, StringComparison.Ordinal) + 1])] = 20;
        if (letter == "B")
            logits[IdOf('d')] = 19;
        return logits;
    });

    static Translator Translator(int maxLength = 20) => new(_ => SmallLetters(), _tokenizer, maxLength);

    static Translation Translate(string text, TranslationOptions? options = null, int maxLength = 20) =>
        Translator(maxLength).Translate(text, options ?? new(), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("AB", "ab")]
    [InlineData("AB. CD.", "ab。cd。")]   // no blank after a wide stop
    [InlineData("AB\n\n CD\n", "ab\n\n cd\n")]
    [InlineData("  AB ", "  ab ")]
    [InlineData("", "")]
    [InlineData(" \n", " \n")]
    [InlineData("你.你.", "好。好。")]
    public void Translate_Text_KeepsWhatStandsBetweenSentences(string text, string expected) => Assert.Equal(expected, Translate(text).Text);

    [Theory]
    [InlineData("AB", "ab")]
    [InlineData("aB.", "ab。")]
    [InlineData("aB\naB. CD", "ab\nab。cd")]
    [InlineData("AB?", "ab？")]
    public void Translate_WholeSentences_AreReadWithTheirMarksAndWrittenWithoutThoseAdded(string text, string expected)
    {
        var read = new List<int>();
        var translator = new Translator(_ => SmallLetters(read), _tokenizer, 20, wholeSentences: true);
        Assert.Equal(expected, translator.Translate(text, new() { BeamSize = 1 }, TestContext.Current.CancellationToken).Text);
        Assert.Contains(IdOf(text.EndsWith('?') ? '?' : '.'), read);
        Assert.DoesNotContain(IdOf('a'), read);
    }

    [Theory]
    [InlineData("AAA,AAAA", 6, "aaa，aaaa")]
    [InlineData("AAAA AAA AAAA AA", 6, "aaaa aaa aaaa aa")]
    [InlineData("AAAAAAAAAAAAAAAA", 5, "aaaa aaaa aaaa aaaa")]
    public void Translate_SentenceThatIsTooLong_IsCutAndJoined(string text, int maxLength, string expected) =>
        Assert.Equal(expected, Translate(text, maxLength: maxLength).Text);

    [Fact]
    public void Translate_OneTokenAtATime_IsStillTranslated() => Assert.Equal("a b", Translate("AB", maxLength: 1).Text);

    [Fact]
    public void Translate_Alternatives_AreTheNextBestTextsInOrder()
    {
        var translation = Translate("AB. CB.", new() { Alternatives = 5 });
        Assert.Equal("ab。cb。", translation.Text);
        string[] texts = [.. translation.Alternatives.Take(3).Select(text => text.Text)];
        Assert.Equal(["ab。cd。", "ad。cb。"], texts[..2].Order(StringComparer.Ordinal));
        Assert.Equal("ad。cd。", texts[2]);
        Assert.Equal(translation.Alternatives.OrderByDescending(text => text.Score), translation.Alternatives);
        Assert.All(translation.Alternatives, text => Assert.True(text.Score < translation.Score));
        Assert.Equal(5, translation.Alternatives.Count);
    }

    [Fact]
    public void Translate_NoAlternativesWanted_GivesNone() => Assert.Empty(Translate("B").Alternatives);

    [Fact]
    public void Translate_Alignment_IsABlockForEachSentence()
    {
        var alignment = Translate("AB. C", new() { Alignment = true }).Alignment!;
        Assert.Equal(["A", "B", ".", "C"], alignment.SourceTokens);
        Assert.Equal(["a", "b", "。", "c"], alignment.TargetTokens);
        int[] first = _tokenizer.Encode("AB."), written = _tokenizer.Encode("ab");
        Assert.Equal([.. AutomatonDecoder.Weights(first, written)[..3], 0], alignment.Weights[2]);
        Assert.Equal([0, 0, 0, AutomatonDecoder.Weights(_tokenizer.Encode("C"), [])[0]], alignment.Weights[3]);
        Assert.Null(Translate("AB").Alignment);
    }

    [Fact]
    public void TranslateAll_ManyTexts_GivesWhatEachGivesAlone()
    {
        string[] texts = ["AB", "", "CD. E?", "ABCDEABCDEABCDE", "B B", .. Enumerable.Repeat("ACE", 100)];
        var options = new TranslationOptions { Alternatives = 2 };
        var together = Translator().TranslateAll(texts, options, TestContext.Current.CancellationToken);
        Assert.Equal(texts.Select(text => Translate(text, options).Text), together.Select(translation => translation.Text));
        Assert.Equal(texts.Select(text => Translate(text, options).Score), together.Select(translation => translation.Score));
    }

    [Fact]
    public void Translate_MaxLength_EndsSentences() => Assert.Equal("ab。a", Translate("AB. ABC.", new() { MaxLength = 3 }, 20).Text[..4]);

    [Fact]
    public void Translate_OptionOutOfRange_IsRefused()
    {
        TranslationOptions[] wrong = [new() { BeamSize = 0 }, new() { Alternatives = -1 }, new() { MaxLength = 0 }, new() { LengthPenalty = -1 }];
        Assert.All(wrong, options => Assert.Throws<ArgumentOutOfRangeException>(() => Translate("AB", options)));
    }
}
