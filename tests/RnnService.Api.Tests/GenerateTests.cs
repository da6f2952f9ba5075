using System.Text.Json.Nodes;
using RnnService.Api.Tests.Support;

namespace RnnService.Api.Tests;

public class GenerateTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    const string Route = "/api/v1/generate";

    async Task<JsonNode> GenerateAsync(string json) => (await application.PostAsync(Route, json)).Ok();

    async Task<List<JsonNode>> StreamAsync(string json)
    {
        var answer = await application.SendAsync(HttpMethod.Post, Route, json, accept: "text/event-stream");
        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.MediaType));
        return [.. answer.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            Assert.StartsWith("data: ", line, StringComparison.Ordinal);
            return JsonNode.Parse(line["data: ".Length..])!;
        })];
    }

    [Theory, InlineData("text/event-stream;q=0, */*", "application/json"), InlineData("application/json, text/event-stream;q=0.1", "application/json"),
        InlineData("Text/Event-Stream", "text/event-stream"), InlineData("text/event-stream, application/json", "text/event-stream")]
    public async Task Post_AnyAccept_AnswersInTheFormLikedBest(string accept, string mediaType) =>
        Assert.Equal(mediaType, (await application.SendAsync(HttpMethod.Post, Route, """{"prompt":"a"}""", accept: accept)).MediaType);

    [Fact]
    public async Task Post_Prompt_GivesTheContinuation()
    {
        var answer = await GenerateAsync("""{"prompt":"to be","model":"shakespeare","maxTokens":12}""");
        Assert.Equal("shakespeare", (string?)answer["model"]);
        Assert.Equal(1, (int)answer["version"]!);
        Assert.Equal(12, (int)answer["tokens"]!);
        Assert.Equal(12, ((string)answer["text"]!).Length);
        Assert.Equal("length", (string?)answer["finishReason"]);
    }

    [Theory, InlineData("", "next-word-en"), InlineData("the", "next-word-en"), InlineData("老师", "next-word-zh")]
    public async Task Post_NoModelNamed_AsksTheOneForTheScript(string prompt, string model) =>
        Assert.Equal(model, (string?)(await GenerateAsync($$"""{"prompt":"{{prompt}}"}"""))["model"]);

    [Fact]
    public async Task Post_SameSeed_SameText()
    {
        async Task<string> TextAsync(int seed) =>
            (string)(await GenerateAsync($$"""{"prompt":"a","model":"shakespeare","maxTokens":60,"seed":{{seed}}}"""))["text"]!;
        Assert.Equal(await TextAsync(1), await TextAsync(1));
        Assert.NotEqual(await TextAsync(1), await TextAsync(2));
    }

    [Fact]
    public async Task Post_TemperatureZero_NeedsNoSeed()
    {
        const string request = """{"prompt":"a","model":"shakespeare","temperature":0}""";
        Assert.Equal((string?)(await GenerateAsync(request))["text"], (string?)(await GenerateAsync(request))["text"]);
    }

    [Fact]
    public async Task Post_TopKOne_IsGreedy()
    {
        var greedy = await GenerateAsync("""{"prompt":"a","model":"shakespeare","temperature":0}""");
        var single = await GenerateAsync("""{"prompt":"a","model":"shakespeare","topK":1}""");
        Assert.Equal((string?)greedy["text"], (string?)single["text"]);
    }

    [Fact]
    public async Task Post_Stop_EndsTheTextBeforeIt()
    {
        const string request = """{"prompt":"a","model":"shakespeare","maxTokens":200,"seed":1}""";
        string whole = (string)(await GenerateAsync(request))["text"]!;
        string stop = whole[50..53];
        var stopped = await GenerateAsync(request.Replace("}", $",\"stop\":[{JsonValue.Create(stop).ToJsonString()}]}}", StringComparison.Ordinal));
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], (string?)stopped["text"]);
        Assert.Equal("stop", (string?)stopped["finishReason"]);
    }

    [Fact]
    public async Task Post_AcceptEventStream_StreamsTheSameText()
    {
        const string request = """{"prompt":"a","model":"shakespeare","maxTokens":40,"seed":3}""";
        var events = await StreamAsync(request);
        var whole = await GenerateAsync(request);
        Assert.Equal(41, events.Count);
        Assert.Equal((string?)whole["text"], string.Concat(events.Select(e => (string)e["text"]!)));
        Assert.All(events.SkipLast(1), e => Assert.Equal(["text"], e.AsObject().Select(field => field.Key)));
        Assert.Equal("length", (string?)events[^1]["finishReason"]);
        Assert.Equal(40, (int)events[^1]["tokens"]!);
        Assert.Equal("shakespeare", (string?)events[^1]["model"]);
        Assert.Equal(1, (int)events[^1]["version"]!);
    }

    [Fact]
    public async Task Post_AcceptEventStreamWithAnError_IsAProblem() => (await application.SendAsync(
        HttpMethod.Post, Route, """{"prompt":"a","model":"nobody"}""", accept: "text/event-stream")).Problem(404, "nobody");

    [Theory]
    [InlineData("""{}""", "prompt")]
    [InlineData("""{"prompt":"a","maxTokens":0}""", "maxTokens")]
    [InlineData("""{"prompt":"a","maxTokens":2049}""", "maxTokens")]
    [InlineData("""{"prompt":"a","temperature":-0.1}""", "temperature")]
    [InlineData("""{"prompt":"a","temperature":5.1}""", "temperature")]
    [InlineData("""{"prompt":"a","temperature":"NaN"}""", "temperature")]
    [InlineData("""{"prompt":"a","temperature":1e999}""", "temperature")]
    [InlineData("""{"prompt":"a","topP":0}""", "topP")]
    [InlineData("""{"prompt":"a","topP":1.01}""", "topP")]
    [InlineData("""{"prompt":"a","topK":-1}""", "topK")]
    [InlineData("""{"prompt":"a","seed":1.5}""", "seed")]
    [InlineData("""{"prompt":"a","stop":"x"}""", "stop")]
    [InlineData("""{"prompt":"a","stop":[""]}""", "stop")]
    [InlineData("""{"prompt":"a","stop":[null]}""", "stop")]
    [InlineData("""{"prompt":"a","stop":[1]}""", "stop[0]")]
    [InlineData("""{"prompt":"a","stop":["1","2","3","4","5","6","7","8","9"]}""", "stop")]
    public async Task Post_InvalidField_Is400AndNamesIt(string json, string field)
    {
        var problem = (await application.PostAsync(Route, json)).Problem(400, field);
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }
}
