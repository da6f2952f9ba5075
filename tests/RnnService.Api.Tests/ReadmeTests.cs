using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using RnnService.Api.Tests.Support;
using RnnService.Serving.Registry;

namespace RnnService.Api.Tests;

/// <summary>Every curl call of the README is sent to the service with its shipped models; the answers must be the ones printed there.</summary>
public sealed partial class ReadmeTests
{
    // Tiers and processors sum in other orders: probabilities and contributions agree to some digits, words agree.
    const double RelativeTolerance = 0.02, AbsoluteTolerance = 0.001;

    [Fact]
    public async Task Readme_EveryCall_AnswersWhatItPrints()
    {
        await using var application = new ShippedApplication();
        await application.Services.GetRequiredService<ModelRegistry>().RefreshAsync(RnnApplication.Cancellation);
        using var client = application.CreateClient();
        string readme = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "README.md"), RnnApplication.Cancellation);
        var calls = Call().Matches(readme);
        Assert.NotEmpty(calls);
        Assert.Equal(Regex.Count(readme, "\\bcurl -s localhost:5000"), calls.Count);
        foreach (Match call in calls)
        {
            using var request = new HttpRequestMessage(call.Groups["body"].Success ? HttpMethod.Post : HttpMethod.Get, call.Groups["path"].Value);
            if (call.Groups["body"].Success)
                request.Content = new StringContent(call.Groups["body"].Value, System.Text.Encoding.UTF8, "application/json");
            using var response = await client.SendAsync(request, RnnApplication.Cancellation);
            string answer = await response.Content.ReadAsStringAsync(RnnApplication.Cancellation);
            using JsonDocument expected = JsonDocument.Parse(call.Groups["answer"].Value), found = JsonDocument.Parse(answer);
            AssertSame(call.Groups["path"].Value, expected.RootElement, found.RootElement);
        }
    }

    static void AssertSame(string place, JsonElement expected, JsonElement found)
    {
        Assert.True(expected.ValueKind == found.ValueKind, $"{place}: expected {expected}, found {found}");
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(Names(expected), Names(found));
                foreach (var property in expected.EnumerateObject())
                    AssertSame($"{place}/{property.Name}", property.Value, found.GetProperty(property.Name));
                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), found.GetArrayLength());
                for (int index = 0; index < expected.GetArrayLength(); index++)
                    AssertSame($"{place}/{index}", expected[index], found[index]);
                break;
            case JsonValueKind.Number:
                double difference = Math.Abs(expected.GetDouble() - found.GetDouble());
                Assert.True(difference <= AbsoluteTolerance + RelativeTolerance * Math.Abs(expected.GetDouble()), $"{place}: expected {expected}, found {found}");
                break;
            default:
                Assert.True(expected.ToString() == found.ToString(), $"{place}: expected {expected}, found {found}");
                break;
        }
    }

    static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "RnnService.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds RnnService.sln.");
    }

    [GeneratedRegex(
        @"```sh\ncurl -s localhost:5000(?<path>/\S+)(?: -H 'Content-Type: application/json' \\\n +-d '(?<body>[^']+)')?\n```\n\n```json\n(?<answer>.*?)\n```",
        RegexOptions.Singleline)]
    private static partial Regex Call();

    sealed class ShippedApplication : WebApplicationFactory<Program>
    {
        readonly string _data = Directory.CreateTempSubdirectory("rnn-readme-").FullName;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("Storage:ShippedModels", Path.Combine(RepositoryRoot(), "deploy", "models"));
            builder.UseSetting("Storage:Models", Path.Combine(_data, "models"));
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_data, recursive: true);
        }
    }
}
