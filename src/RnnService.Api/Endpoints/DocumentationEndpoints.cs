namespace RnnService.Api.Endpoints;

/// <summary>The OpenAPI document and Swagger UI over it.</summary>
static class DocumentationEndpoints
{
    const string Document = "/openapi/v1.json";

    internal static void MapDocumentation(this WebApplication app)
    {
        app.MapOpenApi();
        app.UseSwaggerUI(options =>
        {
            options.SwaggerEndpoint(Document, "RnnService v1");
            options.DocumentTitle = "RnnService";
            options.EnableTryItOutByDefault();
        });
        app.MapGet("/", () => TypedResults.Redirect("/swagger")).ExcludeFromDescription();
    }
}
