using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public class ComposedTextTests
{
    [Theory]
    [InlineData("Elle pre\u0301fe\u0300re le cafe\u0301", "Elle préfère le café")]
    [InlineData("Gru\u0308n, A\u030Angstro\u0308m, n\u0303, c\u0327a, s\u030C", "Grün, Ångström, ñ, ça, š")]
    [InlineData("Vie\u0323\u0302t Nam, tie\u0302\u0301ng", "Việt Nam, tiếng")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "한글")]
    [InlineData("\u1100\u1161 \uAC00\u11A8", "가 각")]
    [InlineData("か\u3099は\u309Aハ\u3099", "がぱバ")]
    [InlineData("и\u0306 ι\u0308\u0301", "й ΐ")]
    public void Of_LettersAndTheirMarks_AreOneCharacter(string decomposed, string expected) => Assert.Equal(expected, ComposedText.Of(decomposed));

    [Theory]
    [InlineData("")]
    [InlineData("plain, déjà composé, 我昨天, 🍕")]
    [InlineData("q\u0301 x\u0323")]
    [InlineData("\u0301a")]
    [InlineData("\u1161\u11A8 각\u11A8")]
    [InlineData("\ud83d\u0301")]
    public void Of_NothingToCompose_IsTheText(string text) => Assert.Equal(text, ComposedText.Of(text));

    [Fact]
    public void Of_NoText_IsNone() => Assert.Null(ComposedText.Of(null));

    [Fact]
    public void Of_PlainText_IsNotCopied()
    {
        string text = string.Concat("café ", "noir");
        Assert.Same(text, ComposedText.Of(text));
    }

    [Fact]
    public void Of_EveryMarkOnEveryLatinLetter_GivesOneLetterOrLeavesBoth()
    {
        var found = new HashSet<string>();
        for (char mark = '\u0300'; mark <= '\u036F'; mark++)
        {
            for (char letter = 'A'; letter <= 'z'; letter++)
            {
                string composed = ComposedText.Of($"{letter}{mark}");
                Assert.True(composed.Length == 1 ? found.Add(composed) : composed == $"{letter}{mark}", $"{letter} U+{(int)mark:X4}");
                Assert.Equal(composed, ComposedText.Of(composed));
            }
        }
        Assert.Equal(374, found.Count);
    }
}
