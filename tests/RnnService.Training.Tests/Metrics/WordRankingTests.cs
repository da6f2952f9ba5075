using RnnService.Models.Text;
using RnnService.Training.Metrics;

namespace RnnService.Training.Tests.Metrics;

public sealed class WordRankingTests
{
    // ids: 0-3 special, 4 the, 5 The, 6 ",", 7 cat, 8 dog, 9 "."
    static readonly WordRanking s_ranking = new(new Vocabulary(["the", "The", ",", "cat", "dog", "."]));

    [Theory]
    [InlineData("the", true)]
    [InlineData("3", true)]
    [InlineData("'s", true)]
    [InlineData("猫", true)]
    [InlineData(",", false)]
    [InlineData("…", false)]
    public void IsWord_NeedsALetterOrDigit(string token, bool expected) => Assert.Equal(expected, WordRanking.IsWord(token));

    [Fact]
    public void Score_SpecialTokens_AreNoGuesses() =>
        AssertScore(target: 7, [9, 9, 9, 9, 0, 0, 0, 1, 0, 0], top1: 1, top3: 1, top1OfWords: 1, top3OfWords: 1);

    [Fact]
    public void Score_PunctuationBefore_CountsOnlyAmongAllTokens() =>
        AssertScore(target: 7, [0, 0, 0, 0, 0, 0, 3, 1, 0, 2], top1: 0, top3: 1, top1OfWords: 1, top3OfWords: 1);

    [Fact]
    public void Score_FormsOfOneWord_AreOneGuess() =>
        AssertScore(target: 7, [0, 0, 0, 0, 5, 4, 3, 2, 0, 0], top1: 0, top3: 1, top1OfWords: 0, top3OfWords: 1);

    [Fact]
    public void Score_OtherFormOfTheTarget_IsAHit() =>
        AssertScore(target: 4, [0, 0, 0, 0, -5, 4, 3, 2, 1, 0], top1: 1, top3: 1, top1OfWords: 1, top3OfWords: 1);

    [Fact]
    public void Score_ThreeGuessesBefore_IsAMiss() =>
        AssertScore(target: 8, [0, 0, 0, 0, 5, 0, 4, 3, 1, 2], top1: 0, top3: 0, top1OfWords: 0, top3OfWords: 1);

    [Fact]
    public void Score_UnknownTarget_IsWrong() =>
        AssertScore(target: 1, [0, 99, 0, 0, 1, 1, 1, 1, 1, 1], top1: 0, top3: 0, top1OfWords: 0, top3OfWords: 0);

    [Fact]
    public void Score_EqualLogits_RankByTokenId()
    {
        float[] level = new float[10];
        AssertScore(target: 4, level, top1: 1, top3: 1, top1OfWords: 1, top3OfWords: 1);
        AssertScore(target: 8, level, top1: 0, top3: 0, top1OfWords: 0, top3OfWords: 1);
    }

    static void AssertScore(int target, float[] logits, long top1, long top3, long top1OfWords, long top3OfWords) =>
        Assert.Equal(new NextWordAccuracy(1, top1, top3, top1OfWords, top3OfWords), s_ranking.Score(logits, target));
}
