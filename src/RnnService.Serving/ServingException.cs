using System.Diagnostics.CodeAnalysis;

namespace RnnService.Serving;

/// <summary>A request that cannot be served, with its kind and a one-line explanation for the caller.</summary>
[SuppressMessage("Design", "CA1032", Justification = "A failure without a kind has no place in the table of failures.")]
public sealed class ServingException(ServingFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>A request with a field that makes no sense to the model (<see cref="ServingFailure.Invalid"/>).</summary>
    /// <param name="field">the field</param>
    public ServingException(InvalidField field)
        : this(ServingFailure.Invalid, $"{field.Name} {field.Wrong}.") => Field = field;

    /// <summary>The kind of failure.</summary>
    public ServingFailure Failure { get; } = failure;

    /// <summary>The field at fault, if it is one.</summary>
    public InvalidField? Field { get; }
}

/// <summary>A field of a request that cannot be used.</summary>
/// <param name="Name">as requests have it, for example <c>steps[2]</c></param>
/// <param name="Wrong">what was found and what was expected, to follow the name</param>
public sealed record InvalidField(string Name, string Wrong);
