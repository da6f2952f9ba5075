using Microsoft.AspNetCore.Http.Features;

namespace RnnService.Api.Observability;

/// <summary>What a handler adds to its request's summary line.</summary>
sealed class RequestSummary
{
    /// <summary>The version that answered.</summary>
    internal string? Model { get; set; }

    /// <summary>Tokens read or generated.</summary>
    internal int Tokens { get; set; }

    /// <summary>The summary of a request; the middleware made it.</summary>
    internal static RequestSummary Of(HttpContext context) => context.Features.GetRequiredFeature<RequestSummary>();
}
