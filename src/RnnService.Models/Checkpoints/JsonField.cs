using System.Text.Json;

namespace RnnService.Models.Checkpoints;

/// <summary>Reads fields of a JSON file; whatever is missing or of another kind is a <see cref="CheckpointException"/> with its path.</summary>
/// <param name="file">the file, for messages</param>
/// <param name="parent">the path of what holds the value, empty at the root</param>
/// <param name="name">its name there, empty for the root itself</param>
/// <param name="element">the value</param>
readonly struct JsonField(string file, string parent, string name, JsonElement element)
{
    const long LargestFile = 256L << 20;

    /// <summary>The value.</summary>
    public JsonElement Element => element;

    /// <summary>Whether the value is null or the field is missing.</summary>
    public bool IsNull => element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    // Joined only when asked for: a vocabulary has tens of thousands of fields.
    string Path => parent.Length == 0 || name.StartsWith('[') ? parent + name : $"{parent}.{name}";

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="CheckpointException">there is no such file, or it is not JSON</exception>
    public static JsonField Open(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > LargestFile)
                throw new CheckpointException(file, "size", $"{stream.Length} bytes", $"{LargestFile} at most");
            byte[] json = new byte[stream.Length];
            stream.ReadExactly(json);
            return Parse(file, json);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException(file, "file", "nothing", "a JSON file", missing);
        }
    }

    /// <summary>Reads JSON that is a part of a file.</summary>
    /// <exception cref="CheckpointException">it is not JSON</exception>
    public static JsonField Parse(string file, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new JsonField(file, "", "", document.RootElement.Clone());
        }
        catch (JsonException broken)
        {
            throw new CheckpointException(file, $"line {broken.LineNumber + 1}", "text that is not JSON", "a JSON document", broken);
        }
    }

    /// <summary>A field that may be missing (<see cref="IsNull"/> then).</summary>
    public JsonField Optional(string field)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Unexpected("an object");
        return new JsonField(file, Path, field, element.TryGetProperty(field, out var value) ? value : default);
    }

    /// <summary>A field that must be there.</summary>
    public JsonField Required(string field)
    {
        var found = Optional(field);
        return found.IsNull ? throw found.Unexpected("a value") : found;
    }

    /// <summary>The fields of an object, in the file's order.</summary>
    public IEnumerable<(string Name, JsonField Field)> Fields()
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Unexpected("an object");
        string path = Path;
        foreach (var property in element.EnumerateObject())
        {
            string field = Readable(() => property.Name) ?? throw Unexpected("names in valid Unicode");
            yield return (field, new JsonField(file, path, field, property.Value));
        }
    }

    /// <summary>Refuses fields of other names than these.</summary>
    public void RejectOtherThan(params ReadOnlySpan<string> names)
    {
        foreach (var (field, value) in Fields())
            if (!names.Contains(field))
                throw value.Unexpected($"no field of this name; there are: {string.Join(", ", names)}");
    }

    /// <summary>The elements of an array.</summary>
    public IEnumerable<JsonField> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Unexpected("an array");
        string path = Path;
        int index = 0;
        foreach (var item in element.EnumerateArray())
            yield return new JsonField(file, path, $"[{index++}]", item);
    }

    /// <summary>The value as a string.</summary>
    public string AsString() => element.ValueKind == JsonValueKind.String && Readable(element.GetString) is { } text
        ? text
        : throw Unexpected("a string");

    /// <summary>The value as a string; null where it is missing.</summary>
    public string? AsStringOrNull() => IsNull ? null : AsString();

    /// <summary>The value as a whole number of at least <paramref name="least"/>.</summary>
    public int AsInteger(int least) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value >= least
            ? value
            : throw Unexpected($"a whole number of at least {least}");

    /// <summary>The value as a number between 0 and 1, neither of them.</summary>
    public double AsFraction() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && value is > 0 and < 1
            ? value
            : throw Unexpected("a number between 0 and 1");

    /// <summary>The value as true or false.</summary>
    public bool AsFlag() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Unexpected("true or false");

    /// <summary>The error that says what stands here and what should.</summary>
    public CheckpointException Unexpected(string expected) => new(file, Path is { Length: > 0 } path ? path : "the document", Describe(), expected);

    string Describe() => element.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String when Readable(element.GetString) is { } text => $"'{text}'",
        JsonValueKind.String => "text that is not valid Unicode",
        _ => element.GetRawText(),
    };

    // JSON can escape half of a surrogate pair, or hold bytes that are not UTF-8; no string is made from those.
    static string? Readable(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
