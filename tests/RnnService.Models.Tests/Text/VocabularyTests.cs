using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public class VocabularyTests
{
    [Fact]
    public void Constructor_Tokens_FollowTheSpecialOnes()
    {
        var vocabulary = new Vocabulary(["the", "cat"]);

        Assert.Equal(6, vocabulary.Count);
        Assert.Equal(["<pad>", "<unk>", "<bos>", "<eos>", "the", "cat"], Enumerable.Range(0, 6).Select(id => vocabulary[id]));
        Assert.Equal(5, vocabulary.IdOf("cat"));
        Assert.Equal(4, vocabulary.IdOf("the".AsSpan()));
    }

    [Fact]
    public void IdOf_UnknownToken_GivesUnknownId() => Assert.Equal(Vocabulary.UnknownId, new Vocabulary(["the"]).IdOf("dog"));

    [Fact]
    public void Constructor_SameTokenTwice_SaysWhich()
    {
        var wrong = Assert.Throws<ArgumentException>(() => new Vocabulary(["the", "cat", "the"]));
        Assert.Contains("'the' has two ids, 4 and 6", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_SpecialTokenAmongTheOthers_IsRefused() => Assert.Throws<ArgumentException>(() => new Vocabulary(["<unk>"]));

    [Theory, InlineData(-1, false), InlineData(0, true), InlineData(3, true), InlineData(4, false)]
    public void IsSpecial_Ids_AreTheFirstFour(int id, bool special) => Assert.Equal(special, Vocabulary.IsSpecial(id));
}
