namespace RnnService.Api.Contracts;

/// <summary>Whether the process lives (live) or answers predictions (ready).</summary>
public sealed record HealthResponse(string Status);
