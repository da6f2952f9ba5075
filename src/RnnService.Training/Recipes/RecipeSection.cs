using System.Globalization;
using System.Text.Json;

namespace RnnService.Training.Recipes;

/// <summary>
/// One JSON object of a recipe while it is read. Every field asked for becomes known; <see cref="RejectUnknown"/> then names any other.
/// A fallback of null makes a field required.
/// </summary>
sealed class RecipeSection
{
    readonly string _file;
    readonly string _path;
    readonly JsonValue _value;
    readonly List<string> _known = [];
    readonly Dictionary<string, RecipeField> _fields;

    public RecipeSection(string file, string path, JsonValue value)
        : this(file, path, value, new(StringComparer.Ordinal)) { }

    RecipeSection(string file, string path, JsonValue value, Dictionary<string, RecipeField> fields)
    {
        _file = file;
        _path = path;
        _value = value;
        _fields = fields;
        if (value.Kind != JsonValueKind.Object)
            throw At(value, $"{(path.Length == 0 ? "the recipe" : path)} is {value.Quoted}, expected an object {{…}}");
    }

    /// <summary>The fields read so far, also those of sections inside, by their paths.</summary>
    public IReadOnlyDictionary<string, RecipeField> Fields => _fields;

    public int Integer(string name, int? fallback, NumberRange range)
    {
        if (Known(name, fallback) is not { } value)
            return Noted(name, fallback!.Value, fallback);
        if (value.Kind != JsonValueKind.Number || !int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            || !range.Contains(number))
            throw At(value, $"{PathOf(name)} is {value.Quoted}, expected a whole number, {range}");
        return Noted(name, number, fallback);
    }

    public double Number(string name, double? fallback, NumberRange range)
    {
        if (Known(name, fallback) is not { } value)
            return Noted(name, fallback!.Value, fallback);
        if (value.Kind != JsonValueKind.Number || !double.TryParse(value.Text, CultureInfo.InvariantCulture, out double number) || !range.Contains(number))
            throw At(value, $"{PathOf(name)} is {value.Quoted}, expected a number, {range}");
        // The network computes in 32 bits, in which 0.99999999 is 1 and 1e-50 is 0.
        if (!range.Contains((float)number))
            throw At(value, $"{PathOf(name)} is {value.Quoted}, which is {((float)number).ToString(CultureInfo.InvariantCulture)} in 32 bits, expected a number, {range}");
        return Noted(name, number, fallback);
    }

    /// <summary>A number that may be missing.</summary>
    public double? OptionalNumber(string name, NumberRange range)
    {
        double number = Number(name, double.NaN, range);
        return double.IsNaN(number) ? null : number;
    }

    public bool Flag(string name, bool fallback) => Noted(name, Known(name, fallback) switch
    {
        null => fallback,
        { Kind: JsonValueKind.True } => true,
        { Kind: JsonValueKind.False } => false,
        { } value => throw At(value, $"{PathOf(name)} is {value.Quoted}, expected true or false"),
    }, fallback);

    public string Text(string name, string? fallback) => Noted(name, Known(name, fallback) switch
    {
        null => fallback!,
        { Kind: JsonValueKind.String } value => value.Text,
        { } value => throw At(value, $"{PathOf(name)} is {value.Quoted}, expected a text in quotes"),
    }, fallback);

    /// <summary>One text or a list of different texts: <c>"text"</c>, <c>["title", "text"]</c>.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var value = Known(name, null as string)!;
        IReadOnlyList<JsonValue> items = value.Kind == JsonValueKind.Array ? value.Items : [value];
        if (items.Count == 0 || items.FirstOrDefault(item => item.Kind != JsonValueKind.String) is not null)
            throw At(value, $"{PathOf(name)} is {(items.Count == 0 ? "an empty list" : value.Quoted)}, expected a text in quotes or a list of them");
        if (items.GroupBy(item => item.Text).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw At(value, $"{PathOf(name)} has \"{twice.Key}\" twice; keep one of them");
        Noted(name, string.Join(", ", items.Select(item => item.Text)), null);
        return [.. items.Select(item => item.Text)];
    }

    /// <summary>One of several names, each standing for a value.</summary>
    public T Choice<T>(string name, string? fallback, params (string Name, T Value)[] choices)
    {
        var value = Known(name, fallback);
        string chosen = value is null or { Kind: JsonValueKind.String } ? value?.Text ?? fallback! : "";
        foreach (var choice in choices)
        {
            if (choice.Name != chosen)
                continue;
            Noted(name, chosen, fallback);
            return choice.Value;
        }
        throw At(value!, $"{PathOf(name)} is {value!.Quoted}, expected {string.Join(" or ", choices.Select(choice => $"\"{choice.Name}\""))}");
    }

    /// <summary>A nested object, or null when it is not there.</summary>
    public RecipeSection? Section(string name)
    {
        var value = Known(name, "");
        Noted(name, value is null ? "not there" : "there", "not there");
        return value is null ? null : new RecipeSection(_file, PathOf(name), value, _fields);
    }

    /// <summary>A nested object that must be there.</summary>
    public RecipeSection RequiredSection(string name) =>
        new(_file, PathOf(name), Known(name, null as string)!, _fields);

    /// <exception cref="RecipeException">a field nobody asked for; the message suggests the nearest known one</exception>
    public void RejectUnknown()
    {
        foreach (var (name, value) in _value.Fields)
        {
            if (_known.Contains(name))
                continue;
            string suggestion = NearestName.Find(name, _known) is { } nearest ? $"; did you mean \"{nearest}\"?" : ";";
            throw At(value, $"unknown field {PathOf(name)}{suggestion} Fields allowed: {string.Join(", ", _known)}");
        }
    }

    /// <summary>An error about a field, at its line: <paramref name="problem"/> follows the field's path and value.</summary>
    public RecipeException Error(string name, string problem) => Field(name) is { } value
        ? At(value, $"{PathOf(name)} is {value.Quoted}, {problem}")
        : At(_value, $"{PathOf(name)} {problem}");

    /// <exception cref="RecipeException">the field is there although <paramref name="reason"/></exception>
    public void Forbid(string name, string reason)
    {
        if (Field(name) is { } value)
            throw At(value, $"{PathOf(name)} is {value.Quoted}, but {reason}; remove it");
    }

    JsonValue? Field(string name) => _value.Fields.FirstOrDefault(field => field.Key == name).Value;

    JsonValue? Known<T>(string name, T fallback)
    {
        _known.Add(name);
        return Field(name) ?? (fallback is null ? throw At(_value, $"{PathOf(name)} is missing") : null);
    }

    T Noted<T>(string name, T value, object? fallback)
    {
        _fields[PathOf(name)] = new RecipeField(Written(value), fallback is null ? null : Written(fallback));
        return value;
    }

    static string Written(object? value) => value switch
    {
        double.NaN => "not there",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    RecipeException At(JsonValue value, string problem) => new($"{_file} line {value.Line}: {problem}.");
}
