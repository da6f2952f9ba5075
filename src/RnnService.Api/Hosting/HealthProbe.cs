namespace RnnService.Api.Hosting;

/// <summary>The <c>--healthcheck</c> switch: asks the service on this machine whether it is ready, for images without curl.</summary>
static class HealthProbe
{
    internal const string Switch = "--healthcheck";
    const int KestrelDefault = 5000;

    /// <summary>0 when the service on this machine's port is ready, 1 when it is not or cannot be reached.</summary>
    internal static async Task<int> RunAsync(int port)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>The port that the server listens on by these settings: those of the variables ASPNETCORE_URLS and ASPNETCORE_HTTP_PORTS.</summary>
    internal static int Port(string? urls, string? httpPorts)
    {
        if (urls?.Split(';')[0] is { Length: > 0 } url)
            return BindingAddress.Parse(url).Port;
        return int.TryParse(httpPorts?.Split(';')[0], out int port) ? port : KestrelDefault;
    }
}
