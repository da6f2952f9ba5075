using System.Diagnostics.CodeAnalysis;

namespace RnnService.Models.Packages;

/// <summary>No such model, version or alias; the message lists those there are.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a message.")]
public sealed class ModelNotFoundException(string message) : Exception(message);
