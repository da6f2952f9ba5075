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
            string[] broken = [.. rules.Where(rule => !rule.IsValid(value)).Select(rule => Explain(rule, value))];
            if (broken.Length > 0)
                errors.Add(property.Name, broken);
        }
        return errors;
    }

    /// <summary>What JSON a field takes, for values of another type; null for an unknown field.</summary>
    internal static string? ExpectedJson(JsonTypeInfo type, string field)
    {
        var property = type.Properties.FirstOrDefault(property => property.Name == field);
        if (property is null)
            return null;
        var clr = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return clr == typeof(string) ? "a text of valid Unicode"
            : clr == typeof(int) ? "a whole number within 32 bits"
            : clr == typeof(long) ? "a whole number within 64 bits"
            : clr == typeof(double) ? "a number"
            : clr == typeof(bool) ? "true or false"
            : clr.IsAssignableTo(typeof(IEnumerable<string>)) ? "a list of texts"
            : "an object";
    }

    static string Explain(ValidationAttribute rule, object? value) => rule switch
    {
        RequiredAttribute => "is required",
        RangeAttribute { MinimumIsExclusive: true } range => Text($"must be above {range.Minimum} and at most {range.Maximum}; found {value}"),
        RangeAttribute range => Text($"must be {range.Minimum} to {range.Maximum}; found {value}"),
        StringLengthAttribute length => Text($"must have at most {length.MaximumLength} characters; found {((string)value!).Length}"),
        LengthAttribute length => Text($"must have at most {length.MaximumLength} items; found {((IReadOnlyCollection<string>)value!).Count}"),
        EachStringLengthAttribute each => Text($"each item must have {each.Minimum} to {each.Maximum} characters"),
        _ => rule.FormatErrorMessage("The field"),
    };

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
