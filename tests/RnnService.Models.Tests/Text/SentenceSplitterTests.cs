using FsCheck;
using FsCheck.Fluent;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public class SentenceSplitterTests
{
    [Theory]
    [InlineData("She loves China. He does not.", "She loves China.|He does not.")]
    [InlineData("  Really?! Yes... Well, no.  ", "Really?!|Yes...|Well, no.")]
    [InlineData("She said, \"Come in.\" Then she left.", "She said, \"Come in.\"|Then she left.")]
    [InlineData("“Are you mad?” asked Tom. (He was.) So what?", "“Are you mad?” asked Tom.|(He was.)|So what?")]
    [InlineData("Wait... what? no.", "Wait... what? no.")]
    [InlineData("Mr. Smith met Dr. J. R. Brown at St. Paul's. They ate.", "Mr. Smith met Dr. J. R. Brown at St. Paul's.|They ate.")]
    [InlineData("The U.S. Army paid $3.50, e.g. No. 5 and approx. 7. Good!", "The U.S. Army paid $3.50, e.g. No. 5 and approx. 7.|Good!")]
    [InlineData("Did he say no. I think so.", "Did he say no.|I think so.")]
    [InlineData("He is taller than I. It was 1999. Then it ended.", "He is taller than I.|It was 1999.|Then it ended.")]
    [InlineData("1. First item. 2. Second", "1. First item.|2. Second")]
    [InlineData("M. Dupont aime la Chine. Mme. Dupont aussi !", "M. Dupont aime la Chine.|Mme. Dupont aussi !")]
    [InlineData("one line\nanother line\r\n\r\nlast", "one line|another line|last")]
    [InlineData("我没醉。你呢？很好！", "我没醉。|你呢？|很好！")]
    [InlineData("“你好！”他说。“你好。”“再见。”", "“你好！”他说。|“你好。”|“再见。”")]
    [InlineData("你想要什么?我要吃3.5个. 嗯……已经吃不下了。", "你想要什么?|我要吃3.5个.|嗯……已经吃不下了。")]
    [InlineData("我用Python.他用C。", "我用Python.|他用C。")]
    [InlineData("see example.com or a.b", "see example.com or a.b")]
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    [InlineData("...", "...")]
    public void Split_Text_GivesItsSentences(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', SentenceSplitter.Split(text).Select(sentence => sentence.Of(text))));

    [Fact]
    public void Split_AnyText_LosesNothingButBlanks() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<string, PositiveInt>((any, seed) =>
    {
        string text = any + string.Join(". ", MixedText.Lines(3, seed.Get)) + "\n" + any;
        int end = 0;
        foreach (var sentence in SentenceSplitter.Split(text))
        {
            Assert.True(string.IsNullOrWhiteSpace(text[end..sentence.Start]));
            Assert.True(sentence.Length > 0);
            Assert.Equal(sentence.Of(text).Trim(), sentence.Of(text));
            Assert.DoesNotContain('\n', sentence.Of(text));
            end = sentence.End;
        }
        Assert.True(string.IsNullOrWhiteSpace(text[end..]));
    }));

    [Fact]
    public void Split_Sentence_IsOneSentence() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<PositiveInt>(seed =>
    {
        // What was split once is not split again, but where the context of a stop is gone.
        string text = string.Join("。", MixedText.Lines(3, seed.Get));
        foreach (string sentence in SentenceSplitter.Split(text).Select(sentence => sentence.Of(text)).Where(sentence => !sentence.Contains('.')))
            Assert.Single(SentenceSplitter.Split(sentence));
    }));
}
