using RnnService.Training.Data;
using RnnService.Training.Preparation;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Preparation;

public sealed class HomeRunsTests : IDisposable
{
    const string Columns = "playerID,yearID,stint,teamID,lgID,G,AB,R,H,2B,3B,HR,RBI,SB,CS,BB,SO,IBB,HBP,SH,SF,GIDP\n";

    readonly TemporaryFolder _folder = new();

    public HomeRunsTests() => _folder.Write("people.csv", "playerID,nameFirst,birthYear,birthMonth\nann,Ann,1990,3\nbob,Bob,1991,8\neve,Eve,,\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prepare_TwoStintsOfASeason_AreSummedIntoOneRow()
    {
        Batting("ann,2015,1,A,X,60,200,20,50,10,2,8,30,1,0,20,40,0,2,1,3,4", "ann,2015,2,B,X,40,100,10,30,5,0,4,12,,,10,,,,,,", "ann,2016,1,B,X,90,310,30,90,9,1,41,60,2,1,30,50,0,1,0,2,3");
        Assert.Equal((0, 1), Prepare(2016));
        // PA = 300 at-bats + 30 walks + 2 + 3 + 1; OBP = (80+30+2)/335, TB = 80+15+4+36 = 135.
        Assert.Equal(["ann,2015,25,100,336,300,30,80,15,2,12,42,1,30,40,0.784,135,10-19,40+"], Rows("valid.csv"));
    }

    [Fact]
    public void Prepare_SeasonAfter_IsPredictedWhenItFollowsAndHasEnoughAtBats()
    {
        Batting(Line("bob", 2010, 300, 5), Line("bob", 2011, 99, 9), Line("bob", 2012, 300, 10), Line("bob", 2014, 300, 20), Line("bob", 2015, 100, 39), Line("bob", 2016, 300, 7));
        Assert.Equal((2, 1), Prepare(2016));
        // Not 2011, too few at-bats; not 2014, a year without a season before.
        Assert.Equal(["2010:", "2011:10-19", "2012:", "2014:30-39"], Rows("train.csv").Select(Labelled));
        Assert.Equal(["2010:", "2011:", "2012:", "2014:", "2015:0-9"], Rows("valid.csv").Select(Labelled));
        // Born in August: a year younger on July 1.
        Assert.Equal("18", Rows("train.csv")[0].Split(',')[2]);
    }

    [Fact]
    public void Prepare_LongCareer_KeepsTheTenSeasonsBefore()
    {
        Batting([.. Enumerable.Range(2000, 15).Select(year => Line("ann", year, 400, 15)), Line("eve", 2013, 400, 15), Line("eve", 2014, 400, 15)]);
        Assert.Equal((13, 1), Prepare(2014));
        Assert.Equal(Enumerable.Range(2004, 10), Rows("valid.csv").Select(row => int.Parse(row.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal((3, 1), HomeRuns.Prepare(_folder.Path, 2011, 2014, Out));
    }

    [Fact]
    public void Prepare_CountThatIsNone_NamesFileLineAndColumn()
    {
        Batting("ann,2015,1,A,X,60,many,20,50,10,2,8,30,1,0,20,40,0,2,1,3,4");
        string message = Assert.Throws<CorpusException>(() => Prepare(2016)).Message;
        Assert.Contains("train.csv line 2: column \"AB\" is \"many\", expected a whole number", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_PlayerTwice_NamesFileAndLine()
    {
        _folder.Write("people.csv", "playerID,nameFirst,birthYear,birthMonth\nann,Ann,1990,3\nbob,Bob,1991,8\nann,Ann,1990,3\n");
        Batting(Line("ann", 2015, 300, 5));
        string message = Assert.Throws<CorpusException>(() => Prepare(2015)).Message;
        Assert.EndsWith("people.csv line 4: column \"playerID\" is \"ann\" for a second time, expected each player once.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1800)]
    [InlineData(2010)]
    [InlineData(2030)]
    public void Prepare_SeasonWithNothingToPredict_NamesThoseThereAre(int season)
    {
        Batting(Line("bob", 2010, 300, 5), Line("bob", 2011, 300, 9), Line("bob", 2012, 300, 10));
        string message = Assert.Throws<CorpusException>(() => Prepare(season)).Message;
        Assert.EndsWith($": nothing to predict of season {season}; there are the seasons 2010 to 2012.", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    string Out => Path.Combine(_folder.Path, "out");

    (int, int) Prepare(int season) => HomeRuns.Prepare(_folder.Path, 1955, season, Out);

    void Batting(params string[] rows) => _folder.Write("train.csv", Columns + string.Join('\n', rows) + "\n");

    static string Line(string player, int year, int atBats, int homeRuns) => $"{player},{year},1,A,X,90,{atBats},30,60,9,1,{homeRuns},60,2,1,30,50,0,1,0,2,3";

    string[] Rows(string file) => File.ReadAllLines(Path.Combine(Out, file))[1..];

    static string Labelled(string row) => $"{row.Split(',')[1]}:{row.Split(',')[^1]}";
}
