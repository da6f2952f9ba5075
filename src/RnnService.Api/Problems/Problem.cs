namespace RnnService.Api.Problems;

/// <summary>An error as RFC 9457 writes it: application/problem+json.</summary>
/// <param name="Type">about:blank: the status says it all</param>
/// <param name="Title">the kind of error</param>
/// <param name="Status">the HTTP status</param>
/// <param name="Detail">what was wrong with this request, in one line</param>
/// <param name="Errors">field → what is wrong with it, for invalid fields</param>
public sealed record Problem(string Type, string Title, int Status, string? Detail, IReadOnlyDictionary<string, string[]>? Errors);
