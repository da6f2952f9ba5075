using System.Text.Json;
using System.Text.RegularExpressions;

namespace RnnService.Api.Validation;

/// <summary>
/// What stood in a body where another type was expected. The body itself is gone when its reader fails: the reader's own words tell what it met.
/// </summary>
static partial class FoundJson
{
    /// <summary>The kind of value, or null where the reader does not say.</summary>
    internal static string? KindOf(JsonException malformed) => malformed.InnerException switch
    {
        FormatException => "another number",
        InvalidOperationException wrong when TokenType().Match(wrong.Message) is { Success: true } match => match.Groups[1].Value switch
        {
            "String" => "a text",
            "Number" => "a number",
            "True" => "true",
            "False" => "false",
            "Null" => "null",
            "StartObject" => "an object",
            "StartArray" => "a list",
            _ => null,
        },
        InvalidOperationException wrong when wrong.Message.Contains("surrogate", StringComparison.Ordinal) => "half of a surrogate pair",
        _ => null,
    };

    [GeneratedRegex(@"token type '(\w+)'")]
    private static partial Regex TokenType();
}
