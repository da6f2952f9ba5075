namespace RnnService.Training.Data;

/// <summary>Reads rows of named columns, in the order of the file.</summary>
static class TableReader
{
    /// <summary>The fields of some columns in every row of all files.</summary>
    /// <param name="corpus">the files, each with its own header</param>
    /// <param name="format">of all files</param>
    /// <param name="columns">names; each must be there</param>
    /// <exception cref="CorpusException">thrown while rows are read: a column is missing, a row is malformed, or there is no row at all</exception>
    public static IEnumerable<TableRow> Read(Corpus corpus, TableFormat format, IReadOnlyList<string> columns)
    {
        foreach (var file in corpus.Files)
        {
            int rows = 0;
            foreach (var row in format == TableFormat.Jsonl ? JsonLines.Read(file, columns) : DelimitedLines.Read(file, format, columns))
            {
                rows++;
                yield return row;
            }
            if (rows == 0)
                throw new CorpusException($"{file.Path}: no rows after the header; expected at least one.");
        }
    }

    /// <summary>The error of a column that is not there.</summary>
    public static CorpusException MissingColumn(string path, int line, string column, IEnumerable<string> found)
    {
        string suggestion = NearestName.Find(column, found) is { } nearest ? $"; did you mean \"{nearest}\"?" : ";";
        return new($"{path} line {line}: no column \"{column}\"{suggestion} Columns there: {string.Join(", ", found)}.");
    }
}
