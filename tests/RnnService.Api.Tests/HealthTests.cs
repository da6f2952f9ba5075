using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RnnService.Api.Tests.Support;
using RnnService.Serving.Registry;

namespace RnnService.Api.Tests;

public class HealthTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    [Fact]
    public async Task Get_Live_Is200() => Assert.Equal("live", (string?)(await application.GetAsync("/health/live")).Ok()["status"]);

    [Fact]
    public async Task Get_Ready_Is200OnceTheModelsAreLoaded() => Assert.Equal("ready", (string?)(await application.GetAsync("/health/ready")).Ok()["status"]);

    [Fact]
    public async Task Requests_WhileTheModelsAreLoading_Are503WithRetryAfter()
    {
        using var source = new HeldBackSource();
        await using var starting = application.WithWebHostBuilder(builder => builder.ConfigureServices(services =>
            services.Replace(ServiceDescriptor.Singleton<IModelSource>(source))));
        using var client = starting.CreateClient();
        foreach (string path in new[] { "/health/ready", "/api/v1/next-word" })
        {
            using var response = path == "/health/ready"
                ? await client.GetAsync(new Uri(path, UriKind.Relative), RnnApplication.Cancellation)
                : await client.PostAsync(new Uri(path, UriKind.Relative), new StringContent("""{"text":"a"}""", null, "application/json"), RnnApplication.Cancellation);
            var answer = new Answer(response, await response.Content.ReadAsStringAsync(RnnApplication.Cancellation));
            answer.Problem(503, "being loaded");
            Assert.Equal(TimeSpan.FromSeconds(1), answer.RetryAfter);
        }
        using var live = await client.GetAsync(new Uri("/health/live", UriKind.Relative), RnnApplication.Cancellation);
        Assert.True(live.IsSuccessStatusCode);
        source.Release();
    }

    [Fact]
    public async Task Get_Metrics_CountsRequestsTokensAndModels()
    {
        (await application.PostAsync("/api/v1/next-word", """{"text":"the students"}""")).Ok();
        (await application.GetAsync("/nowhere/at/all")).Problem(404);
        var answer = await application.GetAsync("/metrics");
        Assert.Equal((200, "text/plain"), (answer.Status, answer.MediaType));
        string[] lines = answer.Body.Split('\n');
        Assert.Contains("rnn_http_requests_total{method=\"POST\",route=\"/api/v1/next-word\",status=\"200\"} 1", lines);
        Assert.Contains("rnn_http_requests_total{method=\"GET\",route=\"other\",status=\"404\"} 1", lines);
        Assert.Contains("rnn_http_request_seconds_count{route=\"/api/v1/next-word\"} 1", lines);
        Assert.Contains("rnn_http_request_seconds_bucket{route=\"/api/v1/next-word\",le=\"+Inf\"} 1", lines);
        Assert.Contains("rnn_tokens_total{model=\"next-word-en\"} 3", lines);
        Assert.Contains("rnn_models_ready 10", lines);
        Assert.Contains("rnn_requests_waiting 0", lines);
        Assert.Contains("# TYPE rnn_http_request_seconds histogram", lines);
        Assert.All(lines.Where(line => line.Length > 0), line => Assert.Matches(@"^(# (HELP|TYPE) .+|[a-z_]+(\{.+\})? [0-9.eE+-]+)$", line));
    }

    /// <summary>A repository whose reading ends only when the test lets it.</summary>
    sealed class HeldBackSource : IModelSource, IDisposable
    {
        readonly ManualResetEventSlim _released = new();

        internal void Release() => _released.Set();

        public IReadOnlyDictionary<string, CatalogEntry> ReadCatalog()
        {
            _released.Wait();
            return new Dictionary<string, CatalogEntry>();
        }

        public LoadedModel Load(ModelKey key) => throw new InvalidOperationException("The repository is empty.");

        public void Dispose() => _released.Dispose();
    }
}
