namespace RnnService.Training.Evaluation;

/// <summary>Lays a table out in characters of one width.</summary>
static class TextTable
{
    /// <summary>Rows as lines: the first column to the left, the others to the right, two blanks between.</summary>
    /// <param name="rows">the header and what follows, all of the same length</param>
    public static string Write(IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, column) =>
            column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd()));
    }
}
