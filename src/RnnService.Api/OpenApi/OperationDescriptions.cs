using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RnnService.Api.Problems;
using RnnService.Models.Packages;

namespace RnnService.Api.OpenApi;

/// <summary>What the OpenAPI document shows beside the types: examples that work as they are, streams and problems.</summary>
static class OperationDescriptions
{
    /// <summary>The document's title and what to read first.</summary>
    internal static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "RnnService",
            Version = context.DocumentName,
            Description = "Text prediction on recurrent networks. Models are addressed as name, name@version or name@alias. "
                + "Every error is application/problem+json; 429 and 503 say in Retry-After when to try again.",
        };
        return Task.CompletedTask;
    }

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

    /// <summary>Examples of a version of a model: the highest there is, in the path or, where it has none, as the body's <c>version</c>.</summary>
    internal static TBuilder WithVersionExample<TBuilder>(this TBuilder builder, string model)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddOpenApiOperationTransformer((operation, context, _) =>
        {
            var versions = context.ApplicationServices.GetRequiredService<ModelRepository>().Versions(model);
            int version = versions.Count > 0 ? versions[^1].Version : 1;
            if (operation.Parameters!.OfType<OpenApiParameter>().FirstOrDefault(parameter => parameter.Name == "version") is { } parameter)
                parameter.Example = version;
            else
                operation.RequestBody!.Content!["application/json"].Example = new JsonObject { ["version"] = version };
            return Task.CompletedTask;
        });

    /// <summary>Another form of the good answer: a stream of events, each of this type.</summary>
    internal static TBuilder WithStream<TBuilder, TEvent>(this TBuilder builder, string mediaType)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(TEvent), parameterDescription: null, cancellationToken);
            operation.Responses!["200"].Content!.Add(mediaType, new OpenApiMediaType { Schema = schema });
        });

    /// <summary>The statuses with which every operation of a group may answer problem+json.</summary>
    internal static RouteGroupBuilder WithProblems(this RouteGroupBuilder group, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
            group.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
        return group;
    }
}
