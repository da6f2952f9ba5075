using RnnService.Models.Classification;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Classification;

public sealed class TextFrameTests
{
    const int Eos = Vocabulary.EosId;

    [Fact]
    public void Frame_EmptyText_IsTheFrameAlone() => Assert.Equal([Eos, Eos], new TextFrame(8).Frame([]).TokenIds);

    [Fact]
    public void Frame_TextThatFits_IsReadWhole() => Assert.Equal([Eos, 10, 11, 12, Eos], new TextFrame(3).Frame([10, 11, 12]).TokenIds);

    [Fact]
    public void Frame_TextTooLong_KeepsAQuarterOfItsBeginAndItsEnd()
    {
        int[] tokens = [.. Enumerable.Range(100, 10_000)];
        var sequence = new TextFrame(8).Frame(tokens);
        Assert.Equal([Eos, 100, 101, 10_094, 10_095, 10_096, 10_097, 10_098, 10_099, Eos], sequence.TokenIds);
        Assert.Equal(10, sequence.Length);
        Assert.Equal([0, 1, 9_994, 9_995, 9_996, 9_997, 9_998, 9_999], new TextFrame(8).ReadTokens(tokens.Length));
    }

    [Theory]
    [InlineData("I don't know, it's Tom's.", "I|do|n't|know|,|it|'s|Tom|'s|.")]
    [InlineData("We’ll see; they CAN'T. Cannot!", "We|’ll|see|;|they|CA|N'T|.|Can|not|!")]
    [InlineData("rock 'n' roll at 5 o'clock", "rock|'|n|'|roll|at|5|o'clock")]
    [InlineData("", "")]
    public void Split_Text_FollowsTheTreebanks(string text, string expected)
    {
        var words = TreebankWords.Split(text);
        Assert.Equal(expected, string.Join('|', words.Select(word => word.Text)));
        Assert.All(words, word => Assert.Equal(word.Text, text.Substring(word.Start, word.Text.Length)));
    }

    [Fact]
    public void Read_Series_ScalesTheLastStepsOfTheWindow()
    {
        var features = SeriesFeatures.Learn(["a", "b"], window: 2, [1, 5, 3, 5, 5, 5]);
        Assert.Equal([3, 5], features.Means);
        Assert.Equal([Math.Sqrt(8 / 3.0), 1], features.Deviations);
        var sequence = features.Read([9, 9, 3, 5, 3 + (float)Math.Sqrt(8 / 3.0), 6]);
        Assert.Equal(2, sequence.Length);
        Assert.Equal([0f, 0f, 1f, 1f], sequence.Numbers.ToArray().Select(value => MathF.Round(value, 5)));
        Assert.Throws<ArgumentException>(() => features.Read([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => features.Read([]));
    }
}
