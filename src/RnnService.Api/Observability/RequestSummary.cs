using Microsoft.AspNetCore.Http.Features;
using RnnService.Serving.Registry;

namespace RnnService.Api.Observability;

/// <summary>What a handler adds to its request's summary line.</summary>
sealed class RequestSummary
{
    /// <summary>The version that answered.</summary>
    internal ModelKey? Model { get; private set; }

    /// <summary>Tokens, or steps of a series, read or generated.</summary>
    internal int Tokens { get; private set; }

    /// <summary>The summary of a request; the middleware made it.</summary>
    internal static RequestSummary Of(HttpContext context) => context.Features.GetRequiredFeature<RequestSummary>();

    /// <summary>Says who answered, and how much was read or generated so far.</summary>
    internal void Set(ModelKey model, int tokens) => (Model, Tokens) = (model, tokens);
}
