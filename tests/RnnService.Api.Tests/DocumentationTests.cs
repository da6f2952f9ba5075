using System.Text.Json.Nodes;
using RnnService.Api.Tests.Support;

namespace RnnService.Api.Tests;

public sealed class DocumentationTests : IAsyncLifetime
{
    readonly RnnApplication _application = new();

    public ValueTask InitializeAsync() => _application.InitializeAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    async Task<JsonNode> DocumentAsync() => (await _application.GetAsync("/openapi/v1.json")).Ok();

    static IEnumerable<(string Method, string Path, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!);

    [Fact]
    public async Task Examples_PressedInOrder_AllAnswer200()
    {
        var document = await DocumentAsync();
        int pressed = 0;
        foreach (var (method, path, operation) in Operations(document))
        {
            string filled = path;
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                Assert.True(parameter!["example"] is not null, $"{method} {path}: {parameter["name"]} has no example");
                filled = filled.Replace($"{{{parameter["name"]}}}", parameter["example"]!.ToString(), StringComparison.Ordinal);
            }
            var body = operation["requestBody"]?["content"]?["application/json"];
            Assert.True(body is null || body["example"] is not null, $"{method} {path}: the body has no example");
            var answer = await _application.SendAsync(new HttpMethod(method), filled, body?["example"]?.ToJsonString());
            Assert.True(answer.Status == 200, $"{method} {filled}: {answer.Status} {answer.Body}");
            pressed++;
        }
        Assert.Equal(18, pressed);
    }

    [Fact]
    public async Task Operations_AllHaveANameASummaryATagAndTypedAnswers()
    {
        var document = await DocumentAsync();
        Assert.All(Operations(document), item =>
        {
            string place = $"{item.Method} {item.Path}";
            Assert.True(item.Operation["operationId"] is not null, place);
            Assert.True(item.Operation["summary"] is not null, place);
            Assert.Single(item.Operation["tags"]!.AsArray());
            Assert.True(item.Operation["responses"]!["200"]?["content"] is not null, place);
        });
        Assert.Equal(Operations(document).Count(), Operations(document).Select(item => (string)item.Operation["operationId"]!).Distinct().Count());
    }

    [Fact]
    public async Task Schemas_ShowTheLimitsOfTheRequests()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;
        var top = schemas["NextWordRequest"]!["properties"]!["top"]!;
        Assert.Equal((1, 50, 5), ((int)top["minimum"]!, (int)top["maximum"]!, (int)top["default"]!));
        Assert.Equal("integer", (string?)top["type"]);
        Assert.Equal("""["text"]""", schemas["NextWordRequest"]!["required"]!.ToJsonString());
        Assert.False(string.IsNullOrEmpty((string?)schemas["NextWordRequest"]!["properties"]!["text"]!["description"]));
    }

    [Fact]
    public async Task Schemas_FieldsThatAreLeftOutWhenNull_AreNotRequired()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;
        Assert.Equal("""["model","version","translation"]""", schemas["TranslationResponse"]!["required"]!.ToJsonString());
        Assert.Equal("""["type","title","status"]""", schemas["Problem"]!["required"]!.ToJsonString());
        foreach (var model in (await _application.GetAsync("/api/v1/models")).Ok()["models"]!.AsArray())
            Assert.All(schemas["ModelResponse"]!["required"]!.AsArray(), field => Assert.NotNull(model![(string)field!]));
    }

    [Fact]
    public async Task Schemas_RequiredFields_AreNeitherNullNorEmpty()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;
        Assert.Equal(1, (int)schemas["NextWordRequest"]!["properties"]!["text"]!["minLength"]!);
        Assert.Equal("integer", (string?)schemas["AliasRequest"]!["properties"]!["version"]!["type"]);
        Assert.Equal("""{"maxLength":100,"minLength":1,"type":"string"}""", schemas["GenerateRequest"]!["properties"]!["stop"]!["items"]!.ToJsonString());
    }

    [Fact]
    public async Task Examples_OfAVersion_AreOneThatExists()
    {
        RnnApplication.Publish(_application.Repository, RnnApplication.Words, seed: 8);
        var paths = (await DocumentAsync())["paths"]!;
        Assert.Equal(2, (int)paths["/api/v1/models/{name}/versions/{version}/load"]!["post"]!["parameters"]![1]!["example"]!);
        Assert.Equal(2, (int)paths["/api/v1/models/{name}/aliases/{alias}"]!["put"]!["requestBody"]!["content"]!["application/json"]!["example"]!["version"]!);
    }

    [Fact]
    public async Task Predictions_ShowTheirProblems()
    {
        var responses = (await DocumentAsync())["paths"]!["/api/v1/next-word"]!["post"]!["responses"]!;
        foreach (string status in new[] { "400", "404", "409", "413", "415", "422", "429", "503" })
            Assert.True(responses[status]?["content"]?["application/problem+json"] is not null, status);
    }

    [Fact]
    public async Task Generate_ShowsBothFormsOfItsAnswer()
    {
        var content = (await DocumentAsync())["paths"]!["/api/v1/generate"]!["post"]!["responses"]!["200"]!["content"]!;
        Assert.Equal("#/components/schemas/GenerateResponse", (string?)content["application/json"]!["schema"]!["$ref"]);
        Assert.NotNull(content["text/event-stream"]!["schema"]!["properties"]!["finishReason"]);
    }

    [Fact]
    public async Task Swagger_IsServedAndTheRootLeadsToIt()
    {
        var root = await _application.GetAsync("/");
        Assert.Equal((302, "/swagger"), (root.Status, root.Location?.ToString()));
        var page = await _application.GetAsync("/swagger/index.html");
        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        Assert.Contains("openapi/v1.json", (await _application.GetAsync("/swagger/index.js")).Body, StringComparison.Ordinal);
    }

    [Theory, InlineData("/nowhere"), InlineData("/api/v1/nowhere"), InlineData("/api/v2/next-word"), InlineData("/swagger/nowhere")]
    public async Task Get_UnknownRoute_Is404(string path) => (await _application.GetAsync(path)).Problem(404, path);

    [Theory, InlineData("text/html"), InlineData("text/event-stream"), InlineData("nonsense")]
    public async Task AnyError_WhateverIsAccepted_IsAProblem(string accept) =>
        (await _application.SendAsync(HttpMethod.Get, "/nowhere", accept: accept == "nonsense" ? null : accept)).Problem(404);
}
