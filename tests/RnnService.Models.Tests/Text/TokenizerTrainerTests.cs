using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public class TokenizerTrainerTests
{
    static string[] TokensOf(TokenizerSettings settings, params string[] lines)
    {
        var vocabulary = TokenizerTrainer.Train(settings, lines).Vocabulary;
        return [.. Enumerable.Range(4, vocabulary.Count - 4).Select(id => vocabulary[id])];
    }

    [Fact]
    public void Train_Words_AreOrderedByCountThenOrdinally() =>
        Assert.Equal(["b", "a", "c", "d"], TokensOf(new(), "b d b", "c a b", "c a"));

    [Fact]
    public void Train_VocabularySize_IncludesTheSpecialTokens() =>
        Assert.Equal(["b", "a"], TokensOf(new() { VocabularySize = 6 }, "b d b c a b a"));

    [Fact]
    public void Train_MinCount_LeavesRareTokensOut() =>
        Assert.Equal(["b", "a"], TokensOf(new() { MinCount = 2 }, "b d b c a b a"));

    [Fact]
    public void Train_FoldedCase_CountsFormsTogether() =>
        Assert.Equal(["the", "a"], TokensOf(new() { Lowercase = true }, "The the THE a a"));

    [Fact]
    public void Train_Bpe_IsRefusedWithTheKindsThereAre()
    {
        var refused = Assert.Throws<NotSupportedException>(() => TokenizerTrainer.Train(new() { Type = TokenizerKind.Bpe }, ["a"]));
        Assert.Equal("tokenizer.type: 'bpe' cannot be trained yet, expected 'word' or 'char'.", refused.Message);
    }

    [Theory, InlineData(4, 1, "vocabularySize"), InlineData(100, 0, "minCount")]
    public void Train_SettingOutOfRange_IsNamed(int vocabularySize, int minCount, string field)
    {
        var settings = new TokenizerSettings { VocabularySize = vocabularySize, MinCount = minCount };
        Assert.Contains(field, Assert.Throws<ArgumentException>(() => TokenizerTrainer.Train(settings, ["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_PretokenizedCharacters_AreRefused() => Assert.Throws<ArgumentException>(
        () => TokenizerTrainer.Train(new() { Type = TokenizerKind.Char, Pretokenized = true }, ["a"]));
}
