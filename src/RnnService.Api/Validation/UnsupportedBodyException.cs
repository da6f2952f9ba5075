using System.Diagnostics.CodeAnalysis;

namespace RnnService.Api.Validation;

/// <summary>A body in a form that no route takes.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a message there is nothing to tell.")]
sealed class UnsupportedBodyException(string message) : Exception(message);
