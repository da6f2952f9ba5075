using System.Globalization;
using RnnService.Training.Data;

namespace RnnService.Training.Preparation;

/// <summary>
/// Makes series of the seasons of baseball players from the tables of Lahman's database: a row for each season, the class of its home runs
/// and, where the player batted often enough in the season after, the class of that one's to predict.
/// </summary>
public static class HomeRuns
{
    /// <summary>At-bats of a season that make its home runs worth predicting.</summary>
    public const int LeastAtBats = 100;

    const int Window = 10;
    const string Header = "player,season,Age,G,PA,AB,R,H,2B,3B,HR,RBI,SB,BB,SO,OPS,TB,bucket,next";

    static readonly string[] s_tables = ["train.csv", "valid.csv"];
    static readonly string[] s_counts = ["G", "AB", "R", "H", "2B", "3B", "HR", "RBI", "SB", "BB", "SO", "HBP", "SH", "SF"];

    /// <summary>Writes <c>train.csv</c>, home runs of the seasons before one, and <c>valid.csv</c>, those of this season.</summary>
    /// <param name="folder">holds <c>people.csv</c> and batting rows in <c>train.csv</c> and, if there is one, <c>valid.csv</c></param>
    /// <param name="firstSeason">the first season whose home runs are predicted in training</param>
    /// <param name="season">the season whose home runs are predicted in validation</param>
    /// <param name="output">the folder to write to; made when needed</param>
    /// <returns>how many home runs there are to predict in training and in validation</returns>
    /// <exception cref="CorpusException">a table is missing or malformed, or there is nothing of the season to predict</exception>
    public static (int Training, int Validation) Prepare(string folder, int firstSeason, int season, string output)
    {
        Season[] seasons = [.. Seasons(folder)];
        var players = seasons.Where(row => row.Year <= season).GroupBy(row => row.Player).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.OrderBy(row => row.Year).ToArray()).ToArray();
        string[] training = [.. players.SelectMany(rows => Rows(rows.Where(row => row.Year < season), next => next >= firstSeason))];
        string[] validation = [.. players.SelectMany(rows => Rows(rows, next => next == season))];
        if (validation.Length == 0)
            throw new CorpusException($"{folder}: nothing to predict of season {season}; {Describe(seasons)}.");
        return (Write(Path.Combine(output, "train.csv"), training), Write(Path.Combine(output, "valid.csv"), validation));
    }

    static string Describe(Season[] seasons) => seasons.Length == 0
        ? "there are no seasons of players with a year of birth"
        : $"there are the seasons {seasons.Min(row => row.Year)} to {seasons.Max(row => row.Year)}";

    // The seasons up to the last one with something to predict.
    static string[] Rows(IEnumerable<Season> seasons, Func<int, bool> predicts)
    {
        Season[] rows = [.. seasons];
        string[] lines = new string[rows.Length];
        int end = 0, start = rows.Length;
        for (int i = 0; i < rows.Length; i++)
        {
            var next = i + 1 < rows.Length && rows[i + 1].Year == rows[i].Year + 1 && rows[i + 1]["AB"] >= LeastAtBats && predicts(rows[i + 1].Year) ? rows[i + 1] : null;
            lines[i] = $"{rows[i].Write()},{next?.Bucket}";
            if (next is null)
                continue;
            start = Math.Min(start, Math.Max(0, i + 1 - Window));
            end = i + 1;
        }
        return end == 0 ? [] : lines[start..end];
    }

    static int Write(string path, string[] lines)
    {
        PreparedFile.Write(path, writer =>
        {
            foreach (string line in lines.Prepend(Header))
                writer.WriteLine(line);
        });
        return lines.Count(line => !line.EndsWith(','));
    }

    static IEnumerable<Season> Seasons(string folder)
    {
        var births = Births(Path.Combine(folder, "people.csv"));
        string[] files = [.. s_tables.Select(table => Path.Combine(folder, table)).Where((path, index) => index == 0 || File.Exists(path))];
        var rows = TableReader.Read(Corpus.Read(files), TableFormat.Csv, ["playerID", "yearID", .. s_counts]);
        foreach (var season in rows.GroupBy(row => (Player: row.Values[0], Year: Count(row, 1))))
        {
            // A player whose birth nobody knows has no age.
            if (births.TryGetValue(season.Key.Player, out var birth))
                yield return new Season(season.Key.Player, season.Key.Year, season.Key.Year - birth, Sums(season));
        }
    }

    // A player's year of birth; the next one when born after June, as age in a season is that on July 1.
    static Dictionary<string, int> Births(string path)
    {
        var births = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in TableReader.Read(Corpus.Read([path]), TableFormat.Csv, ["playerID", "birthYear", "birthMonth"]))
        {
            if (row.Values[1].Length > 0 && !births.TryAdd(row.Values[0], Count(row, 1) + (Count(row, 2) >= 7 ? 1 : 0)))
                throw row.Error(0, $"is \"{row.Values[0]}\" for a second time, expected each player once");
        }
        return births;
    }

    // A player has a row for each team of a season.
    static Dictionary<string, int> Sums(IEnumerable<TableRow> rows)
    {
        var sums = s_counts.ToDictionary(name => name, _ => 0, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            for (int i = 0; i < s_counts.Length; i++)
                sums[s_counts[i]] += Count(row, i + 2);
        }
        return sums;
    }

    // Early years do not count everything: what is not known is 0.
    static int Count(TableRow row, int column) => row.Values[column].Length == 0 ? 0
        : int.TryParse(row.Values[column], NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count
        : throw row.Error(column, $"is \"{row.Values[column]}\", expected a whole number");

    sealed record Season(string Player, int Year, int Age, Dictionary<string, int> Counts)
    {
        public int this[string name] => Counts[name];

        public string Bucket => this["HR"] >= 40 ? "40+" : string.Create(CultureInfo.InvariantCulture, $"{this["HR"] / 10 * 10}-{this["HR"] / 10 * 10 + 9}");

        public string Write() => string.Join(',', new object[]
        {
            Player, Year, Age, this["G"], PlateAppearances, this["AB"], this["R"], this["H"], this["2B"], this["3B"], this["HR"], this["RBI"],
            this["SB"], this["BB"], this["SO"], OnBasePlusSlugging.ToString("0.000", CultureInfo.InvariantCulture), TotalBases, Bucket,
        });

        int PlateAppearances => this["AB"] + this["BB"] + this["HBP"] + this["SF"] + this["SH"];

        int TotalBases => this["H"] + this["2B"] + 2 * this["3B"] + 3 * this["HR"];

        double OnBasePlusSlugging => Ratio(this["H"] + this["BB"] + this["HBP"], this["AB"] + this["BB"] + this["HBP"] + this["SF"]) + Ratio(TotalBases, this["AB"]);

        static double Ratio(int part, int whole) => whole == 0 ? 0 : part / (double)whole;
    }
}
