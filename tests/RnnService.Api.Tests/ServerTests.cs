using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RnnService.Api.Hosting;
using RnnService.Api.Tests.Support;
using RnnService.Models.Packages;
using RnnService.Models.Tests.Decoding;
using RnnService.Serving;
using RnnService.Serving.Registry;
using RnnService.Serving.Tests.Support;

namespace RnnService.Api.Tests;

/// <summary>What only a real server and a real connection show.</summary>
public sealed class ServerTests : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    readonly SteppedSource _source = new();
    readonly RnnApplication _application = new();
    readonly Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program> _server;
    readonly HttpClient _client;

    public ServerTests()
    {
        _server = _application.WithWebHostBuilder(builder =>
        {
            builder.UseSetting("Serving:Concurrency", "1");
            builder.UseSetting("Serving:QueueLength", "0");
            builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<IModelSource>(_source)));
        });
        _server.UseKestrel(0);
        _server.StartServer();
        _client = _server.CreateClient();
        Assert.True(SpinWait.SpinUntil(() => _server.Services.GetRequiredService<ModelRegistry>().IsReady, _patience));
    }

    static CancellationToken Cancellation => RnnApplication.Cancellation;

    ComputeGate Gate => _server.Services.GetRequiredService<ComputeGate>();

    public async ValueTask DisposeAsync()
    {
        _source.Tokenizer.Allow(10_000);
        _client.Dispose();
        await _server.DisposeAsync();
        await _application.DisposeAsync();
        _source.Dispose();
    }

    async Task<HttpResponseMessage> GenerateAsync(string json, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/generate") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    [Fact]
    public async Task Stream_ClientLeaves_ComputingStops()
    {
        _source.Tokenizer.Allow(2);
        using var response = await GenerateAsync("""{"prompt":"the","maxTokens":2000,"temperature":0}""", "text/event-stream");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal("""data: {"text":" the"}""", await reader.ReadLineAsync(Cancellation));
        Assert.Equal("", await reader.ReadLineAsync(Cancellation));
        Assert.Equal("""data: {"text":" the"}""", await reader.ReadLineAsync(Cancellation));
        Assert.Equal(1, Gate.Running);
        response.Dispose();
        // Tokens are let through one at a time until the server has noticed; without the stop it would take all 2000.
        int allowed = 2;
        while (Gate.Running > 0 && allowed < 1900)
        {
            _source.Tokenizer.Allow(1);
            allowed++;
            await Task.Delay(10, Cancellation);
        }
        Assert.Equal(0, Gate.Running);
        Assert.True(_source.Tokenizer.Decoded < 1900);
    }

    [Fact]
    public async Task Requests_AllPlacesTaken_Are429WithRetryAfter()
    {
        _source.Tokenizer.Allow(1);
        using var first = await GenerateAsync("""{"prompt":"the","maxTokens":5,"temperature":0}""", "text/event-stream");
        using var response = await GenerateAsync("""{"prompt":"the","maxTokens":5}""", null);
        var refused = new Answer(response, await response.Content.ReadAsStringAsync(Cancellation));
        refused.Problem(429, "places are taken");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        _source.Tokenizer.Allow(4);
        Assert.Contains("length", await first.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthProbe_ReadyServiceOrNone_ExitsWith0Or1()
    {
        Assert.Equal(0, await HealthProbe.RunAsync(_client.BaseAddress!.Port));
        Assert.Equal(1, await HealthProbe.RunAsync(port: 1));
    }

    [Fact]
    public async Task Body_TooLarge_Is413()
    {
        string text = new('a', 700 * 1024);
        using var response = await GenerateAsync($$"""{"prompt":"{{text}}"}""", null);
        new Answer(response, await response.Content.ReadAsStringAsync(Cancellation)).Problem(413, "bytes");
    }

    [Fact]
    public async Task Body_NotUtf8_Is400()
    {
        using var content = new ByteArrayContent([.. "{\"text\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await _client.PostAsync(new Uri("/api/v1/next-word", UriKind.Relative), content, Cancellation);
        new Answer(response, await response.Content.ReadAsStringAsync(Cancellation)).Problem(400);
    }

    /// <summary>One word model that goes on only as the test allows.</summary>
    sealed class SteppedSource : IModelSource, IDisposable
    {
        internal SteppedTokenizer Tokenizer { get; } = new(TinyModels.Words("the", "students"));

        public IReadOnlyDictionary<string, CatalogEntry> ReadCatalog() =>
            new Dictionary<string, CatalogEntry> { ["next-word-en"] = new([1], new Dictionary<string, int>()) };

        public LoadedModel Load(ModelKey key) => new(key, new LanguageModelPackage(
            new ModelManifest(), Tokenizer, TinyModels.Fixed(Tokenizer, new Dictionary<string, float> { ["the"] = 5 })));

        public void Dispose() => Tokenizer.Dispose();
    }
}
