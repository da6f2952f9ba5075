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

    [Theory]
    [InlineData(TokenizerKind.Word, 4, 1, "vocabularySize")]
    [InlineData(TokenizerKind.Word, 100, 0, "minCount")]
    [InlineData(TokenizerKind.Bpe, 259, 1, "tokenizer.vocabularySize: found 259 with type 'bpe', expected 260 or more")]
    public void Train_SettingOutOfRange_IsNamed(TokenizerKind kind, int vocabularySize, int minCount, string field)
    {
        var settings = new TokenizerSettings { Type = kind, VocabularySize = vocabularySize, MinCount = minCount };
        Assert.Contains(field, Assert.Throws<ArgumentException>(() => TokenizerTrainer.Train(settings, ["a"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TokenizerKind.Char, true, false, "tokenizer.pretokenized")]
    [InlineData(TokenizerKind.Bpe, true, false, "tokenizer.pretokenized")]
    [InlineData(TokenizerKind.Bpe, false, true, "tokenizer.lowercase")]
    public void Train_SettingOfAnotherKind_IsRefused(TokenizerKind kind, bool pretokenized, bool lowercase, string field)
    {
        var settings = new TokenizerSettings { Type = kind, Pretokenized = pretokenized, Lowercase = lowercase };
        Assert.StartsWith(field, Assert.Throws<ArgumentException>(() => TokenizerTrainer.Train(settings, ["a"])).Message, StringComparison.Ordinal);
    }
}
