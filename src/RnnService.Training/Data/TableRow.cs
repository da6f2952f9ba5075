namespace RnnService.Training.Data;

/// <summary>The fields asked for of one row of a table.</summary>
/// <param name="Path">the file</param>
/// <param name="Line">where the row begins, from 1</param>
/// <param name="Columns">the names asked for</param>
/// <param name="Values">their fields; empty where the row says nothing</param>
public sealed record TableRow(string Path, int Line, IReadOnlyList<string> Columns, IReadOnlyList<string> Values)
{
    /// <summary>An error about a field: <paramref name="problem"/> follows file, line and column.</summary>
    public CorpusException Error(int column, string problem) => new($"{Path} line {Line}: column \"{Columns[column]}\" {problem}.");

    /// <summary>A field that must hold something other than blanks.</summary>
    /// <param name="column">index into <see cref="Columns"/></param>
    /// <param name="what">what was expected, for the message</param>
    /// <exception cref="CorpusException">the field is empty</exception>
    public string Required(int column, string what)
    {
        string value = Values[column].Trim();
        return value.Length > 0 ? value : throw Error(column, $"is empty, expected {what}");
    }
}
