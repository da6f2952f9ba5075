using RnnService.Models.Seq2Seq;

namespace RnnService.Models.Tests.Seq2Seq;

public sealed class SentenceFormTests
{
    [Theory]
    [InlineData("bonjour", "Bonjour")]
    [InlineData("été 2024", "Été 2024")]
    [InlineData("« oui »", "« Oui »")]
    [InlineData("\"yes\", he said", "\"Yes\", he said")]
    [InlineData("ELLE AIME LA CHINE !", "Elle aime la chine !")]
    [InlineData("NATO", "NATO")]
    [InlineData("It's NATO", "It's NATO")]
    [InlineData("3 men", "3 men")]
    [InlineData("谢谢", "谢谢")]
    [InlineData("...", "...")]
    [InlineData("", "")]
    public void Begin_AnySentence_HasACapitalAndNoOthersThanItsOwn(string sentence, string expected) => Assert.Equal(expected, SentenceForm.Begin(sentence));

    [Theory, InlineData("yes", true), InlineData("in 2024", true), InlineData("谢谢", true), InlineData("Yes.", false), InlineData("\"Yes\"", false),
        InlineData("no,", false), InlineData("😀", false), InlineData("", false)]
    public void IsOpen_EndsWithALetterOrDigit(string sentence, bool expected) => Assert.Equal(expected, SentenceForm.IsOpen(sentence));

    [Theory, InlineData("yes", "yes."), InlineData("谢谢", "谢谢。")]
    public void Close_Open_AddsTheStopOfTheScript(string sentence, string expected) => Assert.Equal(expected, SentenceForm.Close(sentence));

    [Theory, InlineData("Oui.", "Oui"), InlineData("谢谢。", "谢谢"), InlineData("Oui ?", "Oui ?"), InlineData("Oui...", "Oui..."), InlineData("Oui", "Oui"), InlineData("", "")]
    public void Reopen_TakesOneStopAway(string translation, string expected) => Assert.Equal(expected, SentenceForm.Reopen(translation));
}
