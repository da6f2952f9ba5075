using RnnService.Training.Data;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Data;

public sealed class TaggedSentenceTests
{
    static readonly TaggedTokenSettings s_conll = new(TokenFileFormat.Conll, 1, 2);

    [Fact]
    public void Read_Columns_GivesSentencesAndWhereTagsStand()
    {
        var sentences = TaggedSentence.Read(Some.Corpus("#1\tX\tsym\nruns\tVERB\tVBZ\n\n\nYes\tINTJ\tUH"), s_conll);
        Assert.Equal(2, sentences.Count);
        Assert.Equal(["#1", "runs"], sentences[0].Tokens);
        Assert.Equal(["X", "VERB"], sentences[0].Tags.Select(tag => tag.Name));
        Assert.Equal(new Label("INTJ", "some.txt", 5), Assert.Single(sentences[1].Tags));
    }

    [Fact]
    public void Read_OtherColumn_IsTheRecipesChoice() =>
        Assert.Equal("VBZ", TaggedSentence.Read(Some.Corpus("runs\tVERB\tVBZ"), s_conll with { Tag = 3 })[0].Tags[0].Name);

    [Fact]
    public void Read_UniversalDependencies_PassesOverCommentsRangesAndEmptyNodes()
    {
        string content = string.Join('\n', [
            "# text = Don't go", "1-2\tDon't\t_\t_", "1\tDo\tdo\tAUX", "2\tn't\tnot\tPART", "2.1\t_\t_\t_", "3\tgo\tgo\tVERB", ""]);
        var sentence = Assert.Single(TaggedSentence.Read(Some.Corpus(content), new(TokenFileFormat.Conllu, 2, 4)));
        Assert.Equal(["Do", "n't", "go"], sentence.Tokens);
        Assert.Equal(["AUX", "PART", "VERB"], sentence.Tags.Select(tag => tag.Name));
    }

    [Theory]
    [InlineData(TokenFileFormat.Conll, "\n \n")]
    [InlineData(TokenFileFormat.Conllu, "# text = none\n\n1-2\tDon't\t_\t_\n")]
    public void Read_NoToken_NamesTheFile(TokenFileFormat format, string content) => Assert.Equal(
        "some.txt: no line with a token; expected at least one.",
        Assert.Throws<CorpusException>(() => TaggedSentence.Read(Some.Corpus(content), s_conll with { Format = format })).Message);

    [Theory]
    [InlineData("a\tO\nb", "some.txt line 2: found 1 column separated by tabs, expected the tag in column 2.")]
    [InlineData("a O", "some.txt line 1: found 1 column separated by tabs, expected the tag in column 2.")]
    [InlineData("a\t ", "some.txt line 1: column 2 is empty, expected the tag.")]
    [InlineData("\tO", "some.txt line 1: column 1 is empty, expected the token.")]
    public void Read_MalformedLine_SaysWhatAndWhere(string content, string expected) =>
        Assert.Equal(expected, Assert.Throws<CorpusException>(() => TaggedSentence.Read(Some.Corpus(content), s_conll)).Message);
}
