using Microsoft.AspNetCore.Http.HttpResults;
using RnnService.Api.Contracts;
using RnnService.Api.Observability;
using RnnService.Api.OpenApi;
using RnnService.Serving;
using RnnService.Serving.Registry;

namespace RnnService.Api.Endpoints;

/// <summary>What orchestrators and monitoring ask.</summary>
static class HealthEndpoints
{
    internal static void MapHealth(this IEndpointRouteBuilder routes)
    {
        // Made now, not at the first question: it counts from when it is made.
        routes.ServiceProvider.GetRequiredService<MetricsExposition>();
        var group = routes.MapGroup("").WithTags("Health");
        group.MapGet("/health/live", Live).WithName("Live").WithSummary("Whether the process lives.");
        group.MapGroup("").WithProblems(StatusCodes.Status503ServiceUnavailable)
            .MapGet("/health/ready", Ready).WithName("Ready").WithSummary("Whether the models are loaded; 503 until then.");
        group.MapGet("/metrics", Metrics).WithName("Metrics").WithSummary("Measurements in the Prometheus text format.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
    }

    static Ok<HealthResponse> Live() => TypedResults.Ok(new HealthResponse("live"));

    static Ok<HealthResponse> Ready(ModelRegistry registry) => registry.IsReady
        ? TypedResults.Ok(new HealthResponse("ready"))
        : throw new ServingException(ServingFailure.Loading, "The models are being loaded.");

    static ContentHttpResult Metrics(MetricsExposition metrics) => TypedResults.Text(metrics.Write(), MetricsExposition.ContentType);
}
