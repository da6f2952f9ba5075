using System.Globalization;
using System.Xml.Linq;
using RnnService.Models.Plots;

namespace RnnService.Models.Tests.Plots;

public sealed class LinePlotTests
{
    static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void ToSvg_LogarithmicAxis_SpacesPowersOfTenEqually()
    {
        var picture = Draw(isLogarithmic: true, new LineSeries("falling", [(0, 1), (1, 0.1), (2, 0.01)], Colour: 0));
        var places = Places(picture.Single());
        Assert.Equal(3, places.Length);
        Assert.Equal(places[1].Y - places[0].Y, places[2].Y - places[1].Y, 0.05);
        Assert.True(places[0].Y < places[2].Y, "larger values lie higher");
        Assert.True(places[0].X < places[2].X, "larger x lies to the right");
    }

    [Fact]
    public void ToSvg_StraightAxis_KeepsProportions()
    {
        var places = Places(Draw(isLogarithmic: false, new LineSeries("line", [(0, 0), (1, 1), (3, 3)], Colour: 0)).Single());
        Assert.Equal(2 * (places[1].Y - places[0].Y), places[2].Y - places[1].Y, 0.05);
        Assert.Equal(2 * (places[1].X - places[0].X), places[2].X - places[1].X, 0.05);
    }

    [Fact]
    public void ToSvg_WhatHasNoPlace_IsLeftOut()
    {
        var curves = Draw(isLogarithmic: true, new LineSeries("gaps", [(0, 1), (1, 0), (2, double.NaN), (3, double.PositiveInfinity), (4, 2)], Colour: 0));
        Assert.Equal(2, Places(curves.Single()).Length);
        Assert.Empty(Places(Draw(isLogarithmic: true, new LineSeries("nothing", [], Colour: 0)).Single()));
    }

    [Fact]
    public void ToSvg_SeriesOfOneColour_DifferByDashes()
    {
        var curves = Draw(isLogarithmic: false, new LineSeries("whole", [(0, 1)], Colour: 3), new LineSeries("dashed", [(0, 2)], Colour: 3, IsDashed: true));
        Assert.Equal(curves[0].Attribute("stroke")!.Value, curves[1].Attribute("stroke")!.Value);
        Assert.Null(curves[0].Attribute("stroke-dasharray"));
        Assert.NotNull(curves[1].Attribute("stroke-dasharray"));
    }

    [Fact]
    public void ToSvg_AnyText_IsWellFormed()
    {
        string svg = new LinePlot { Title = "a < b & \u0001 \"c\"", XLabel = "x", YLabel = "y", XNames = ["<eos>", "猫", "a"], Series = [] }.ToSvg();
        var texts = XDocument.Parse(svg).Descendants(s_svg + "text").Select(text => text.Value).ToArray();
        Assert.Contains("a < b & \uFFFD \"c\"", texts);
        Assert.Contains("<eos>", texts);
        Assert.Contains("猫", texts);
    }

    [Fact]
    public void ToSvg_Ticks_AreRoundNumbers()
    {
        string svg = new LinePlot { Title = "", XLabel = "", YLabel = "", Series = [new LineSeries("s", [(0, 0.13), (3000, 0.61)], Colour: 0)] }.ToSvg();
        var texts = XDocument.Parse(svg).Descendants(s_svg + "text").Select(text => text.Value).ToArray();
        foreach (string tick in (string[])["0", "500", "1,000", "3,000", "0.2", "0.3", "0.6"])
            Assert.Contains(tick, texts);
    }

    static XElement[] Draw(bool isLogarithmic, params LineSeries[] series)
    {
        string svg = new LinePlot { Title = "title", XLabel = "x", YLabel = "y", IsLogarithmic = isLogarithmic, Series = series }.ToSvg();
        return [.. XDocument.Parse(svg).Descendants(s_svg + "polyline")];
    }

    static (double X, double Y)[] Places(XElement polyline) =>
    [
        .. polyline.Attribute("points")!.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(point => point.Split(','))
            .Select(point => (double.Parse(point[0], CultureInfo.InvariantCulture), double.Parse(point[1], CultureInfo.InvariantCulture))),
    ];
}
