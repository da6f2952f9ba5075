using System.Text.Json;
using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>Rows of files with one JSON object a line.</summary>
static class JsonLines
{
    /// <summary>The fields of some columns in every row.</summary>
    public static IEnumerable<TableRow> Read(TextFile file, IReadOnlyList<string> columns) => Read(file, (line, row) =>
        new TableRow(file.Path, line, columns, [.. columns.Select(column => Field(file.Path, line, row, column))]));

    /// <summary>Every column that holds a list of texts, row by row.</summary>
    public static IEnumerable<string[]> ReadLists(TextFile file, string column) => Read(file, (line, row) =>
    {
        if (!row.TryGetProperty(column, out var list))
            throw TableReader.MissingColumn(file.Path, line, column, [.. row.EnumerateObject().Select(property => property.Name)]);
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().FirstOrDefault(item => item.ValueKind != JsonValueKind.String) is { ValueKind: not JsonValueKind.Undefined })
            throw new CorpusException($"{file.Path} line {line}: column \"{column}\" is {Name(list)}, expected a list of texts.");
        return list.EnumerateArray().Select(item => ComposedText.Of(item.GetString()!)).ToArray();
    });

    static IEnumerable<T> Read<T>(TextFile file, Func<int, JsonElement, T> read)
    {
        int line = 0;
        foreach (string text in file.Text.Split('\n'))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            using var document = Parse(file.Path, line, text);
            yield return ReadRow(file.Path, line, document.RootElement, read);
        }
    }

    static T ReadRow<T>(string path, int line, JsonElement row, Func<int, JsonElement, T> read)
    {
        try
        {
            return read(line, row);
        }
        catch (InvalidOperationException)   // JSON can escape half of a surrogate pair; no string is made from that
        {
            throw new CorpusException($"{path} line {line}: found half of a surrogate pair (\\ud800 to \\udfff alone), expected text in valid Unicode.");
        }
    }

    static JsonDocument Parse(string path, int line, string text)
    {
        try
        {
            var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new CorpusException($"{path} line {line}: found {Name(document.RootElement)}, expected one JSON object a line.");
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
            JsonValueKind.String => ComposedText.Of(field.GetString()!),
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
