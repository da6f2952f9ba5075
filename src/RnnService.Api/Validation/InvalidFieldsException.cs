using System.Diagnostics.CodeAnalysis;

namespace RnnService.Api.Validation;

/// <summary>A request whose fields break the rules.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without the fields there is nothing to tell.")]
sealed class InvalidFieldsException(IReadOnlyDictionary<string, string[]> errors) : Exception("Some fields are invalid.")
{
    /// <summary>Field → what is wrong with it.</summary>
    internal IReadOnlyDictionary<string, string[]> Errors { get; } = errors;
}
