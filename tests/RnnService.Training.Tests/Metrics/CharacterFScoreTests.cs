using RnnService.Training.Metrics;

namespace RnnService.Training.Tests.Metrics;

public sealed class CharacterFScoreTests
{
    [Fact]
    public void Corpus_ReadmeExampleOfSacreBleu_HasItsPublishedScore() => Assert.Equal(59.73, CharacterFScore.Corpus(
        ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."],
        [
            ["The dog bit the man.", "The dog had bit the man."],
            ["It was not unexpected.", "No one was surprised."],
            ["The man bit him first.", "The man had bitten the dog."],
        ]), 2);

    // Published in sacreBLEU's test_chrf.py with beta 3.
    [Theory]
    [InlineData(" risk assessment must be made of those who are qualified and expertise in the sector - these are the scientists .",
        "risk assessment has to be undertaken by those who are qualified and expert in that area - that is the scientists .", 63.361730303214769)]
    [InlineData(" Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ",
        "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.", 64.130269831561459)]
    [InlineData("Niemand hat die Absicht, eine Mauer zu errichten", "Niemand hat die Absicht, eine Mauer zu errichten", 100)]
    [InlineData("abcdefg", "hijklmnop", 0)]
    [InlineData("a", "a", 100)]
    [InlineData("aa", "ab", 25)]
    [InlineData("a b c", "abc", 100)]
    [InlineData("", "reference", 0)]
    public void Sentence_ExamplesOfSacreBleu_HaveTheirPublishedScores(string hypothesis, string reference, double score) =>
        Assert.Equal(score, CharacterFScore.Sentence(hypothesis, [reference], beta: 3), 9);

    [Fact]
    public void Corpus_TwoSegments_AddsTheirCounts() => Assert.Equal(50, CharacterFScore.Corpus(["a", "b"], [["a"], ["c"]], beta: 3), 9);

    [Fact]
    public void Sentence_SeveralReferences_CountsTheBest() =>
        Assert.Equal(100, CharacterFScore.Sentence("你好👍", ["再见", "你好 👍"]), 9);

    [Fact]
    public void Corpus_FewerReferences_SaysHowMany() => Assert.StartsWith(
        "found references for 1 segments, expected 2, one each.",
        Assert.Throws<ArgumentException>(() => CharacterFScore.Corpus(["a", "b"], [["a"]])).Message, StringComparison.Ordinal);
}
