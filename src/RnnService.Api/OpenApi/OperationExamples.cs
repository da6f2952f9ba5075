using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using RnnService.Api.Problems;

namespace RnnService.Api.OpenApi;

/// <summary>What an operation shows in the OpenAPI document beside its types: examples that work as they are, and its problems.</summary>
static class OperationExamples
{
    /// <summary>An example of the request body.</summary>
    internal static TBuilder WithBodyExample<TBuilder>(this TBuilder builder, string json)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody!.Content!["application/json"].Example = JsonNode.Parse(json);
            return Task.CompletedTask;
        });

    /// <summary>An example of a path parameter.</summary>
    internal static TBuilder WithPathExample<TBuilder>(this TBuilder builder, string parameter, JsonNode example)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters!.OfType<OpenApiParameter>().Single(found => found.Name == parameter).Example = example.DeepClone();
            return Task.CompletedTask;
        });

    /// <summary>The statuses with which every operation of a group may answer problem+json.</summary>
    internal static RouteGroupBuilder WithProblems(this RouteGroupBuilder group, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
            group.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
        return group;
    }
}
