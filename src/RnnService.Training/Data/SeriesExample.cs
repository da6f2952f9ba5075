using System.Globalization;

namespace RnnService.Training.Data;

/// <summary>The last steps of a series and the class to predict from them.</summary>
/// <param name="Steps">[T,F], oldest first</param>
/// <param name="Label">the class to predict</param>
/// <param name="Current">the class the last step itself has, or null when the data do not say</param>
public sealed record SeriesExample(ReadOnlyMemory<float> Steps, Label Label, string? Current)
{
    /// <summary>Reads all rows of all files; each row with a label becomes an example.</summary>
    /// <exception cref="CorpusException">a row is malformed, a feature is no number, the rows of a series do not stand together, or no row has a label</exception>
    public static IReadOnlyList<SeriesExample> Read(Corpus corpus, SeriesSettings settings)
    {
        int featureCount = settings.Features.Count, series = featureCount, label = featureCount + 1, current = featureCount + 2;
        List<string> columns = [.. settings.Features, settings.Series, settings.Label];
        if (settings.Current is { } name)
            columns.Add(name);

        List<SeriesExample> examples = [];
        List<float> steps = [];
        HashSet<string> seen = [];
        string? running = null;
        foreach (var row in TableReader.Read(corpus, settings.Format, columns))
        {
            string id = row.Required(series, "the series a row belongs to");
            if (id != running)
            {
                if (!seen.Add(id))
                    throw row.Error(series, $"is \"{id}\" again after other series, expected the rows of a series to stand together");
                running = id;
                steps.Clear();
            }
            else if (steps.Count == settings.Window * featureCount)
            {
                steps.RemoveRange(0, featureCount);
            }
            for (int feature = 0; feature < featureCount; feature++)
                steps.Add(Number(row, feature));
            if (string.IsNullOrWhiteSpace(row.Values[label]))
                continue;
            examples.Add(new SeriesExample(
                steps.ToArray(),
                new Label(row.Values[label].Trim(), row.Path, row.Line),
                settings.Current is null ? null : row.Required(current, "the class of the step itself")));
        }
        return examples.Count > 0
            ? examples
            : throw new CorpusException($"{corpus.Files[0].Path}: column \"{settings.Label}\" is empty in every row, expected a label in some.");
    }

    static float Number(TableRow row, int column) =>
        float.TryParse(row.Values[column], NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number)
            ? number
            : throw row.Error(column, $"is \"{row.Values[column]}\", expected a number");
}
