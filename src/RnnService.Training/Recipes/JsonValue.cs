using System.Text;
using System.Text.Json;

namespace RnnService.Training.Recipes;

/// <summary>A parsed JSON value that knows its line, so that errors can point at it.</summary>
/// <param name="Kind">object, array, string, number, true, false or null</param>
/// <param name="Line">line of its first character, from 1</param>
/// <param name="Text">the string's content, or the number or literal as written; for objects and arrays the kind in words</param>
/// <param name="Fields">the fields of an object in the order written; empty otherwise</param>
sealed record JsonValue(JsonValueKind Kind, int Line, string Text, IReadOnlyList<KeyValuePair<string, JsonValue>> Fields)
{
    /// <summary>The items of a list; empty otherwise.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>The value as messages quote it.</summary>
    public string Quoted => Kind == JsonValueKind.String ? $"\"{Text}\"" : Text;

    /// <summary>Parses one JSON document.</summary>
    /// <param name="utf8">the document</param>
    /// <param name="file">named in errors</param>
    /// <exception cref="RecipeException">not JSON, or a field occurs twice</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> utf8, string file)
    {
        ReadOnlySpan<byte> document = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        try
        {
            var reader = new Utf8JsonReader(document);
            reader.Read();
            var value = ReadValue(ref reader, document, file);
            reader.Read();   // throws when anything but white space follows
            return value;
        }
        catch (JsonException exception)
        {
            string reason = exception.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new RecipeException($"{file} line {exception.LineNumber + 1}: not valid JSON: {reason}.");
        }
        catch (InvalidOperationException exception)   // a string that is not UTF-8
        {
            throw new RecipeException($"{file}: not valid JSON: {exception.Message}");
        }
    }

    static JsonValue ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> document, string file)
    {
        int line = 1 + document[..(int)reader.TokenStartIndex].Count((byte)'\n');
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, document, line, file);
            case JsonTokenType.StartArray:
                List<JsonValue> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(ReadValue(ref reader, document, file));
                return new JsonValue(JsonValueKind.Array, line, "a list", []) { Items = items };
            case JsonTokenType.String:
                return new JsonValue(JsonValueKind.String, line, reader.GetString()!, []);
            case JsonTokenType.Number:
                return new JsonValue(JsonValueKind.Number, line, Encoding.UTF8.GetString(reader.ValueSpan), []);
            case JsonTokenType.True:
                return new JsonValue(JsonValueKind.True, line, "true", []);
            case JsonTokenType.False:
                return new JsonValue(JsonValueKind.False, line, "false", []);
            default:
                return new JsonValue(JsonValueKind.Null, line, "null", []);
        }
    }

    static JsonValue ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> document, int line, string file)
    {
        List<KeyValuePair<string, JsonValue>> fields = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            var value = ReadValue(ref reader, document, file);
            if (fields.Any(field => field.Key == name))
                throw new RecipeException($"{file} line {value.Line}: field \"{name}\" is given twice; keep one of them.");
            fields.Add(new(name, value));
        }
        return new JsonValue(JsonValueKind.Object, line, "an object", fields);
    }
}
