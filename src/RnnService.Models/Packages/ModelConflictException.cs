using System.Diagnostics.CodeAnalysis;

namespace RnnService.Models.Packages;

/// <summary>What a repository holds forbids a change; the message says what to do first.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a message.")]
public sealed class ModelConflictException(string message) : Exception(message);
