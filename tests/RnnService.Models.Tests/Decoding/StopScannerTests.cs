using RnnService.Models.Decoding;

namespace RnnService.Models.Tests.Decoding;

public class StopScannerTests
{
    static (string Text, bool Stopped) Scan(string[] stops, params string[] pieces)
    {
        var scanner = new StopScanner(stops);
        string text = string.Concat(pieces.Select(scanner.Append));
        return (text + scanner.Flush(), scanner.Stopped);
    }

    [Fact]
    public void Append_NoStopString_PassesEverythingOn() => Assert.Equal(("one two", false), Scan([], "one", " two"));

    [Fact]
    public void Append_StopInsideAPiece_EndsBeforeIt() => Assert.Equal(("one", true), Scan(["."], "one. Two", " three"));

    [Fact]
    public void Append_StopAcrossThreePieces_EndsBeforeIt() => Assert.Equal(("one ", true), Scan(["END"], "one E", "N", "D two"));

    [Fact]
    public void Append_BeginningOfAStopThatGoesOnOtherwise_IsPassedOn() => Assert.Equal(("an ENTRY", false), Scan(["END"], "an EN", "TRY"));

    [Fact]
    public void Append_BeginningOfAStopAtTheEnd_IsFlushed() => Assert.Equal(("an EN", false), Scan(["END"], "an EN"));

    [Fact]
    public void Append_OverlappingBeginnings_FindTheLaterMatch() => Assert.Equal(("a", true), Scan(["aab"], "aa", "ab"));

    [Fact]
    public void Append_TwoStops_TheEarlierOneInTheTextWins() => Assert.Equal(("x", true), Scan(["two", "one"], "xone two"));

    [Fact]
    public void Append_AfterTheStop_GivesNothing()
    {
        var scanner = new StopScanner(["."]);
        Assert.Equal("a", scanner.Append("a.b"));
        Assert.Equal("", scanner.Append("c"));
        Assert.Equal("", scanner.Flush());
    }

    [Fact]
    public void Append_AnySplit_GivesTheSameText()
    {
        const string text = "abcabdabcabcabe";
        for (int first = 0; first <= text.Length; first++)
        {
            for (int second = first; second <= text.Length; second++)
                Assert.Equal(("abcabd", true), Scan(["abcabc"], text[..first], text[first..second], text[second..]));
        }
    }
}
