using System.Text.Json;

namespace RnnService.Training.Data;

/// <summary>Rows of files with one JSON object a line.</summary>
static class JsonLines
{
    public static IEnumerable<TableRow> Read(TextFile file, IReadOnlyList<string> columns)
    {
        int line = 0;
        foreach (string text in file.Text.Split('\n'))
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text))
                yield return new TableRow(file.Path, line, columns, Fields(file.Path, line, text, columns));
        }
    }

    static string[] Fields(string path, int line, string text, IReadOnlyList<string> columns)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new CorpusException($"{path} line {line}: found {Name(document.RootElement)}, expected one JSON object a line.");
            return [.. columns.Select(column => Field(path, line, document.RootElement, column))];
        }
        catch (JsonException wrong)
        {
            string reason = wrong.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new CorpusException($"{path} line {line}, column {wrong.BytePositionInLine + 1}: not valid JSON: {reason}.");
        }
    }

    static string Field(string path, int line, JsonElement row, string column)
    {
        if (!row.TryGetProperty(column, out var field))
            throw TableReader.MissingColumn(path, line, column, [.. row.EnumerateObject().Select(property => property.Name)]);
        return field.ValueKind switch
        {
            JsonValueKind.String => field.GetString()!,
            JsonValueKind.Null => "",
            JsonValueKind.Object or JsonValueKind.Array =>
                throw new CorpusException($"{path} line {line}: column \"{column}\" is {Name(field)}, expected a text or a number."),
            _ => field.GetRawText(),
        };
    }

    static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText(),
    };
}
