using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace RnnService.Api.Validation;

/// <summary>
/// Checks a request against the attributes of its properties, the same that the OpenAPI document shows. Fields have their JSON names,
/// and every message gives what was found and what was expected.
/// </summary>
static class FieldRules
{
    /// <summary>Field name → what is wrong with it; empty for a good request.</summary>
    internal static Dictionary<string, string[]> Check(object request, JsonTypeInfo type)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var property in type.Properties)
        {
            object? value = property.Get!(request);
            var rules = property.AttributeProvider!.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>();
            ValidationAttribute[] broken = [.. rules.Where(rule => !rule.IsValid(value))];
            // What is missing or empty is that and nothing else.
            if (broken.OfType<RequiredAttribute>().FirstOrDefault() is { } required)
                broken = [required];
            if (broken.Length > 0)
                errors.Add(property.Name, [.. broken.Select(rule => Explain(rule, value))]);
        }
        return errors;
    }

    /// <summary>What JSON a field takes, for values of another type; null for an unknown field.</summary>
    /// <param name="type">the request</param>
    /// <param name="path">the field, or an item of it: <c>steps</c>, <c>steps[2]</c>, <c>steps[2][0]</c></param>
    internal static string? ExpectedJson(JsonTypeInfo type, string path)
    {
        string[] parts = path.Split('[');
        var field = type.Properties.FirstOrDefault(property => property.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase))?.PropertyType;
        foreach (string _ in parts[1..])
            field = field is null ? null : ItemOf(field);
        return field is null ? null : NamesOf(field).One;
    }

    static (string One, string Many) NamesOf(Type field)
    {
        var clr = Nullable.GetUnderlyingType(field) ?? field;
        return ItemOf(clr) is { } item ? ($"a list of {NamesOf(item).Many}", $"lists of {NamesOf(item).Many}")
            : clr == typeof(string) ? ("a text of valid Unicode", "texts")
            : clr == typeof(int) ? ("a whole number within 32 bits", "whole numbers")
            : clr == typeof(long) ? ("a whole number within 64 bits", "whole numbers")
            : clr == typeof(double) ? ("a number", "numbers")
            : clr == typeof(bool) ? ("true or false", "truth values")
            : ("an object", "objects");
    }

    static Type? ItemOf(Type field) =>
        field.IsGenericType && field.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? field.GenericTypeArguments[0] : null;

    static string Explain(ValidationAttribute rule, object? value) => rule switch
    {
        RequiredAttribute when value is string => "must not be empty",
        RequiredAttribute => "is required",
        RangeAttribute { MinimumIsExclusive: true } range => Text($"must be above {range.Minimum} and at most {range.Maximum}; found {value}"),
        RangeAttribute range => Text($"must be {range.Minimum} to {range.Maximum}; found {value}"),
        StringLengthAttribute length => Text($"must have at most {length.MaximumLength} characters; found {((string)value!).Length}"),
        LengthAttribute length => Text($"must have at most {length.MaximumLength} items; found {((IReadOnlyCollection<string>)value!).Count}"),
        EachStringLengthAttribute each => Explain(each, [.. (IEnumerable<string?>)value!]),
        _ => rule.FormatErrorMessage("The field"),
    };

    static string Explain(EachStringLengthAttribute rule, string?[] items)
    {
        int index = Array.FindIndex(items, item => !rule.IsInRange(item));
        return Text($"must have items of {rule.Minimum} to {rule.Maximum} characters; found {(items[index]?.Length.ToString(CultureInfo.InvariantCulture) ?? "null")} at {index}");
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
