namespace RnnService.Api.Hosting;

/// <summary>The <c>--healthcheck</c> switch: asks the service on this machine whether it is ready, for images without curl.</summary>
static class HealthProbe
{
    internal const string Switch = "--healthcheck";

    /// <summary>0 when the service is ready, 1 when it is not or cannot be reached.</summary>
    internal static async Task<int> RunAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}/health/ready"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    // The same settings that the server listens by.
    static int Port =>
        Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0] is { Length: > 0 } url && BindingAddress.Parse(url).Port is var fromUrl
            ? fromUrl
            : int.TryParse(Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS")?.Split(';')[0], out int port) ? port : 8080;
}
