using System.Globalization;
using System.Text.RegularExpressions;

namespace RnnService.Models.Packages;

/// <summary>How a request addresses a model: <c>name</c>, <c>name@3</c> or <c>name@alias</c>.</summary>
/// <param name="Name">the model</param>
/// <param name="Version">the version, if given</param>
/// <param name="Alias">the alias, if given</param>
public sealed partial record ModelReference(string Name, int? Version, string? Alias)
{
    /// <summary>The alias a bare name means where it is set.</summary>
    public const string ProductionAlias = "production";

    /// <summary>The alias that means the highest version unless it is set.</summary>
    public const string LatestAlias = "latest";

    /// <summary>Reads a reference.</summary>
    /// <exception cref="ModelNotFoundException">nothing can have this name</exception>
    public static ModelReference Parse(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string name = at < 0 ? text : text[..at];
        string? selector = at < 0 ? null : text[(at + 1)..];
        if (!IsName(name) || selector is not null && !IsName(selector))
            throw new ModelNotFoundException(
                $"No model is called '{text}'; expected name, name@version or name@alias, of lower-case letters, digits and hyphens.");
        if (selector is null || !char.IsAsciiDigit(selector[0]))
            return new ModelReference(name, null, selector);
        return ParseVersion(selector) is { } version
            ? new ModelReference(name, version, null)
            : throw new ModelNotFoundException($"No version is called '{selector}'; expected a number from 1 on.");
    }

    /// <summary>Whether a model can have this name: <c>[a-z0-9][a-z0-9-]{0,63}</c>.</summary>
    public static bool IsName(string text) => NamePattern.IsMatch(text);

    /// <summary>Whether an alias can have this name: that of a model, not starting with a digit.</summary>
    public static bool IsAlias(string text) => IsName(text) && !char.IsAsciiDigit(text[0]);

    /// <summary>The version a folder name or a reference means: a whole number from 1 on, without leading zeros.</summary>
    internal static int? ParseVersion(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version > 0 && text[0] != '0' ? version : null;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z")]
    static partial Regex NamePattern { get; }
}
