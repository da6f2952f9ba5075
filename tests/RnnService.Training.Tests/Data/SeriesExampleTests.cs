using RnnService.Training.Data;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Data;

public sealed class SeriesExampleTests
{
    const string Header = "player,hits,runs,next,now\n";
    static readonly SeriesSettings s_columns = new(TableFormat.Csv, "player", ["hits", "runs"], "next", "now", 2);

    [Fact]
    public void Read_EachRowWithALabel_IsPredictedFromTheRowsUpToIt()
    {
        var examples = Read("ann,1,10,low,low\nann,2,20,,low\nann,3,30,high,low\nbob,4,40,low,high");
        Assert.Equal([[1, 10], [2, 20, 3, 30], [4, 40]], examples.Select(example => example.Steps.ToArray()));
        Assert.Equal(["low", "high", "low"], examples.Select(example => example.Label.Name));
        Assert.Equal(["low", "low", "high"], examples.Select(example => example.Current));
        Assert.Equal(4, examples[1].Label.Line);
    }

    [Fact]
    public void Read_NoCurrentColumn_LeavesItOut() =>
        Assert.Null(SeriesExample.Read(Some.Corpus(Header + "ann,1,1,low,"), s_columns with { Current = null })[0].Current);

    [Theory]
    [InlineData("ann,1,x,low,low", "some.txt line 2: column \"runs\" is \"x\", expected a number.")]
    [InlineData("ann,1,,low,low", "some.txt line 2: column \"runs\" is \"\", expected a number.")]
    [InlineData("ann,NaN,1,low,low", "some.txt line 2: column \"hits\" is \"NaN\", expected a number.")]
    [InlineData("ann,1,1,low,low\nbob,1,1,low,low\nann,1,1,low,low", "some.txt line 4: column \"player\" is \"ann\" again after other series, expected the rows of a series to stand together.")]
    [InlineData(",1,1,low,low", "some.txt line 2: column \"player\" is empty, expected the series a row belongs to.")]
    [InlineData("ann,1,1,low,", "some.txt line 2: column \"now\" is empty, expected the class of the step itself.")]
    [InlineData("ann,1,1,,low", "some.txt: column \"next\" is empty in every row, expected a label in some.")]
    public void Read_MalformedSeries_SaysWhatAndWhere(string rows, string expected) =>
        Assert.Equal(expected, Assert.Throws<CorpusException>(() => Read(rows)).Message);

    static IReadOnlyList<SeriesExample> Read(string rows) => SeriesExample.Read(Some.Corpus(Header + rows), s_columns);
}
