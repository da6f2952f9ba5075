using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Data;

public sealed class TextPairTests
{
    static readonly PairSettings s_columns = new(TableFormat.Tsv, "fr", "en", "fr", "en");

    [Fact]
    public void Read_Columns_AreFoundByName() => Assert.Equal(
        [new TextPair("un chat", "a cat"), new TextPair("non", "no")],
        TextPair.Read(Some.Corpus("en\tnote\tfr\na cat\tx\tun chat\n no \t\tnon"), s_columns));

    [Fact]
    public void Read_JsonLines_KeepLineEndsInsideATexts() => Assert.Equal(
        [new TextPair("one\ntwo", "three")],
        TextPair.Read(Some.Corpus("""{"fr": "one\ntwo", "en": "three"}"""), s_columns with { Format = TableFormat.Jsonl }));

    [Theory]
    [InlineData("en\tfr\na\tb\n\tc\n", "some.txt line 3: column \"en\" is empty, expected the text to write.")]
    [InlineData("en\tfr\na\t \n", "some.txt line 2: column \"fr\" is empty, expected the text to read.")]
    [InlineData("en\tfrench\na\tb\n", "some.txt line 1: no column \"fr\"; did you mean \"en\"? Columns there: en, french.")]
    [InlineData("en\tfr\na\tb\tc\n", "some.txt line 2: found 3 columns, expected 2 (en, fr).")]
    public void Read_MalformedRow_SaysWhere(string rows, string expected) =>
        Assert.Equal(expected, Assert.Throws<CorpusException>(() => TextPair.Read(Some.Corpus(rows), s_columns)).Message);

    [Theory]
    [InlineData("""{"fr": "\ud800", "en": "b"}""")]
    [InlineData("""{"fr": "a", "\ud800": "b"}""")]
    [InlineData("""{"\udc00": "b", "en": "b"}""")]
    public void Read_HalfOfASurrogatePair_SaysWhere(string row) => Assert.Equal(
        "some.txt line 2: found half of a surrogate pair (\\ud800 to \\udfff alone), expected text in valid Unicode.",
        Assert.Throws<CorpusException>(() => TextPair.Read(Some.Corpus($"\n{row}"), s_columns with { Format = TableFormat.Jsonl })).Message);

    [Fact]
    public void Of_PairsWithALongSide_AreLeftOutAndCounted()
    {
        TextPair[] pairs = [new("a b c", "a"), new("a b c d", "a"), new("a", "b c d a"), new("a", "b c d")];
        var encoded = EncodedPairs.Of(pairs, Words(), maxLength: 3, "some.txt");
        Assert.Equal((2, 2), (encoded.Examples.Count, encoded.LeftOut));
        Assert.Equal((4, 4, 2 + 4), (encoded.SourceSteps, encoded.TargetSteps, encoded.TargetTokens));
    }

    [Fact]
    public void Of_NoPairWithinTheLength_SaysWhatToChange() => Assert.Equal(
        "some.txt: each of the 1 pairs has a side of more than 2 tokens, model.maxLength; expected shorter texts or a larger maxLength.",
        Assert.Throws<CorpusException>(() => EncodedPairs.Of([new TextPair("a", "b c d")], Words(), maxLength: 2, "some.txt")).Message);

    [Fact]
    public void Batches_ArePutTogetherByTargetThenSource()
    {
        var encoded = EncodedPairs.Of([new("a b", "a b"), new("a b c", "a"), new("a", "a b"), new("a", "a")], Words(), maxLength: 9, "some.txt");
        Assert.Equal([[3, 1], [2, 0]], encoded.Batches(2).Sorted());
    }

    static ITokenizer Words() => TokenizerTrainer.Train(new TokenizerSettings(), ["a b c d"]);
}
