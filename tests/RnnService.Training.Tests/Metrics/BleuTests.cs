using RnnService.Training.Metrics;

namespace RnnService.Training.Tests.Metrics;

public sealed class BleuTests
{
    const BleuTokenization Western = BleuTokenization.Mteval13a, Chinese = BleuTokenization.Chinese;

    // The example of sacreBLEU's README, with two references for each segment.
    static readonly string[] s_hypotheses = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];
    static readonly string[][] s_references =
    [
        ["The dog bit the man.", "The dog had bit the man."],
        ["It was not unexpected.", "No one was surprised."],
        ["The man bit him first.", "The man had bitten the dog."],
    ];

    [Fact]
    public void Corpus_ReadmeExampleOfSacreBleu_HasItsPublishedScore()
    {
        var bleu = Bleu.Corpus(s_hypotheses, s_references, Western);
        Assert.Equal(48.530827, bleu.Score, 6);
        Assert.Equal("48.53 82.4/50.0/45.5/37.5 (BP = 0.943 hyp_len = 17 ref_len = 18)", bleu.ToString());
    }

    // Published in sacreBLEU's test_sentence_bleu.py.
    [Theory]
    [InlineData("Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;", "producţia de zahăr brut se exprimă în zahăr alb;", 8.493)]
    [InlineData("this is a cat", "okay thanks", 0)]
    public void Sentence_ExamplesOfSacreBleu_HaveTheirPublishedScores(string hypothesis, string reference, double score) =>
        Assert.Equal(score, Bleu.Sentence(hypothesis, [reference], Western).Score, 3);

    // Published in sacreBLEU's test_bleu.py.
    [Theory, InlineData("test", "a test", 36.78794411714425), InlineData("a test", "a test", 100)]
    public void Sentence_ShorterThanFourTokens_CountsTheOrdersItHas(string hypothesis, string reference, double score) =>
        Assert.Equal(score, Bleu.Sentence(hypothesis, [reference], Western).Score, 8);

    // No Chinese example is published: these come from the formulas and character ranges of sacreBLEU 2 in a Python script of ten lines.
    [Fact]
    public void Corpus_Chinese_AgreesWithSacreBleu()
    {
        string[] hypotheses = ["他昨天在“北京”买了3.5公斤苹果。", "我不知道RNN是什么,你呢?", "天气很好……"];
        string[][] references = [["他昨天在北京买了3.5公斤的苹果。"], ["我不知道RNN是什么，你知道吗？"], ["今天天气非常好……"]];
        Assert.Equal(47.12237926679401, Bleu.Corpus(hypotheses, references, Chinese).Score, 9);
        Assert.Equal(
            [49.009410393, 53.459996653, 23.043181985],
            hypotheses.Select((hypothesis, i) => Math.Round(Bleu.Sentence(hypothesis, references[i], Chinese).Score, 9)));
    }

    [Theory]
    [InlineData("It's 3.5% of $1,000.50 -- \"good\" (no. 7-8), &quot;ok&quot; <skipped>e.g. a_b.", Western,
        "It's|3.5|%|of|$|1,000.50|--|\"|good|\"|(|no|.|7|-|8|)|,|\"|ok|\"|e|.|g|.|a|_|b|.")]
    [InlineData("他昨天在“北京”买了3.5公斤苹果。", Chinese, "他|昨|天|在|“|北|京|”|买|了|3.5|公|斤|苹|果|。")]
    [InlineData(" 我不知道RNN是什么,你呢? ", Chinese, "我|不|知|道|RNN|是|什|么|,|你|呢|?")]
    [InlineData("\U00020000𠀀a", Chinese, "\U00020000𠀀a")]
    [InlineData("", Western, "")]
    public void Tokenize_Text_SplitsAsSacreBleu(string text, BleuTokenization tokenization, string expected) =>
        Assert.Equal(expected, string.Join('|', BleuTokenizer.Tokenize(text, tokenization)));

    [Fact]
    public void Corpus_EmptyHypotheses_ScoreZero() => Assert.Equal(0, Bleu.Corpus(["", "", ""], s_references, Western).Score);

    [Fact]
    public void Corpus_RepeatedWord_MatchesOnlyAsOftenAsTheReferenceHasIt() =>
        // Papineni et al. 2002, example 2: the clipped unigram precision is 2/7.
        Assert.Equal(200.0 / 7, Bleu.Corpus(
            ["the the the the the the the"], [["the cat is on the mat", "there is a cat on the mat"]], Western).Precisions[0], 9);

    [Fact]
    public void Corpus_FewerReferences_SaysHowMany() => Assert.StartsWith(
        "found references for 1 segments, expected 2, one each.",
        Assert.Throws<ArgumentException>(() => Bleu.Corpus(["a", "b"], [["a"]], Western)).Message, StringComparison.Ordinal);

    [Fact]
    public void Corpus_NoReference_IsRefused() => Assert.Throws<ArgumentException>(() => Bleu.Corpus(["a"], [[]], Western));
}
