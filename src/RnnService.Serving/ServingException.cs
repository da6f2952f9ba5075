using System.Diagnostics.CodeAnalysis;

namespace RnnService.Serving;

/// <summary>A request that cannot be served, with its kind and a one-line explanation for the caller.</summary>
[SuppressMessage("Design", "CA1032", Justification = "A failure without a kind has no place in the table of failures.")]
public sealed class ServingException(ServingFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The kind of failure.</summary>
    public ServingFailure Failure { get; } = failure;
}
