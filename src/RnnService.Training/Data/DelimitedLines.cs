using CsvHelper;

namespace RnnService.Training.Data;

/// <summary>Rows of comma- and tab-separated files.</summary>
static class DelimitedLines
{
    public static IEnumerable<TableRow> Read(TextFile file, TableFormat format, IReadOnlyList<string> columns)
    {
        using var reader = CsvReader.FromText(file.Text, Options(file.Path, format));
        string[] header = [.. reader.Headers];
        if (header.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new CorpusException($"{file.Path} line 1: column \"{twice.Key}\" is there twice; expected different names.");
        int[] places = [.. columns.Select(column => Array.IndexOf(header, column))];
        int missing = Array.IndexOf(places, -1);
        if (missing >= 0)
            throw TableReader.MissingColumn(file.Path, 1, columns[missing], header);
        while (reader.Read())
        {
            int line = (int)reader.LineNumber;
            if (reader.FieldCount != header.Length)
                throw new CorpusException($"{file.Path} line {line}: found {reader.FieldCount} columns, expected {header.Length} ({string.Join(", ", header)}).");
            yield return new TableRow(file.Path, line, columns, [.. places.Select(reader.GetString)]);
        }
    }

    static CsvReaderOptions Options(string path, TableFormat format) => new()
    {
        Separator = format == TableFormat.Tsv ? '\t' : ',',
        Mode = format == TableFormat.Tsv ? CsvMode.NoEscape : CsvMode.Rfc4180,
        TrackLineNumbers = true,
        OnMalformedRecord = record => throw new CorpusException($"{path} line {record.LineNumber}: {record.Reason switch
        {
            CsvMalformedReason.StrayQuote => "a quotation mark inside a field without quotation marks around it",
            CsvMalformedReason.TextAfterClosingQuote => "text after a closing quotation mark",
            _ => "a quotation mark that is never closed",
        }}; expected quotation marks around the whole field and doubled ones inside."),
    };
}
