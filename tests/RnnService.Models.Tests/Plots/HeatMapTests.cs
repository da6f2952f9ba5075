using System.Xml.Linq;
using RnnService.Models.Plots;

namespace RnnService.Models.Tests.Plots;

public sealed class HeatMapTests
{
    static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(0, "#ffffff")]
    [InlineData(1, "#084594")]
    [InlineData(-1, "#a50f15")]
    [InlineData(7, "#084594")]
    [InlineData(0.5, "#84a2ca")]
    [InlineData(double.NaN, "#888888")]
    public void ColourScale_OfTwoSigns_IsWhiteAtZeroAndDeepAtTheEnds(double value, string colour) =>
        Assert.Equal(colour, ColourScale.AroundZero(1)[value]);

    [Fact]
    public void ColourScale_OfFractions_BeginsWhite()
    {
        Assert.Equal("#ffffff", ColourScale.Fraction[0]);
        Assert.Equal("#ffffff", ColourScale.Fraction[-0.5]);
        Assert.Equal("#084594", ColourScale.Fraction[1]);
    }

    [Fact]
    public void ToSvg_EachPanel_HasACellOfItsColourForEachValue()
    {
        var map = new HeatMap
        {
            Title = "title",
            Columns = ["a", "b", "c"],
            Panels =
            [
                new HeatMapPanel("first", [[0f, 1f, 0.25f], [1f, 1f, 1f]], ColourScale.Fraction),
                new HeatMapPanel("second", [[-1f, 0f, 1f]], ColourScale.AroundZero(1)),
            ],
        };
        var picture = XDocument.Parse(map.ToSvg());
        string[] fills = [.. picture.Descendants(s_svg + "rect").Select(cell => cell.Attribute("fill")!.Value)];
        // Of the first panel in reading order, after the ground; then the frame and the scale.
        Assert.Equal(["white", "#ffffff", "#084594", ColourScale.Fraction[0.25], "#084594", "#084594", "#084594", "none"], fills[..8]);
        Assert.Equal(["#a50f15", "#ffffff", "#084594", "none"], fills[(8 + 20)..(8 + 20 + 4)]);
        string[] texts = [.. picture.Descendants(s_svg + "text").Select(text => text.Value)];
        Assert.Equal(2, texts.Count(text => text == "b"));
        Assert.Contains("second", texts);
    }
}
