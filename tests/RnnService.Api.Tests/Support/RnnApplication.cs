using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;
using RnnService.Models.Tests.Decoding;
using RnnService.Models.Text;
using RnnService.Serving.Registry;
using RnnService.Serving.Tests.Support;

namespace RnnService.Api.Tests.Support;

/// <summary>The whole service over a temporary repository with a small word model (shipped), a small character model, a small
/// model over pieces of Chinese words, small classifiers and encoder-decoders.</summary>
public sealed class RnnApplication : WebApplicationFactory<Program>, IAsyncLifetime
{
    static readonly WordTokenizer _words = TinyModels.Words("the", "students", "opened", "their", "books", "boston", ".", "don't");
    static readonly CharTokenizer _characters = TinyModels.Characters("abcdefghijklmnopqrstuvwxyz .\n");
    static readonly ITokenizer _pieces = TokenizerTrainer.Train(
        new TokenizerSettings { Type = TokenizerKind.Bpe, VocabularySize = 300, MinCount = 1 }, ["我昨天上学迟到了，老师批评了我。我们喜欢学习。"]);
    readonly string _root = Directory.CreateTempSubdirectory("rnn-api-").FullName;

    internal const string Words = "next-word-en";
    internal const string Characters = "shakespeare";
    internal const string Chinese = "next-word-zh";
    internal const string Sentiment = "sentiment-en";
    internal const string SentimentChinese = "sentiment-zh";
    internal const string Tags = "tags-en";
    internal const string Series = "home-runs";

    /// <summary>The setting <c>Serving:WeightType</c>; null leaves the default.</summary>
    internal string? WeightType { get; init; }

    internal string ShippedModels => Path.Combine(_root, "shipped");

    internal ModelRepository Repository => new(ShippedModels, Path.Combine(_root, "models"));

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Publish(new ModelRepository(null, ShippedModels), Words, _words);
        Publish(Repository, Characters, _characters);
        TinyClassifiers.Publish(Repository, Sentiment, TinyClassifiers.English);
        TinyClassifiers.Publish(Repository, SentimentChinese, TinyClassifiers.Chinese);
        TinyClassifiers.Publish(Repository, Tags, TinyClassifiers.Tagger);
        TinyClassifiers.Publish(Repository, Series, TinyClassifiers.HomeRuns);
        Publish(Repository, Chinese, _pieces);
        TinyTranslators.Publish(Repository, "translate-fr-en", TinyTranslators.FrenchToEnglish);
        TinyTranslators.Publish(Repository, "translate-en-zh", TinyTranslators.EnglishToChinese);
        TinyTranslators.Publish(Repository, "chat-en", TinyTranslators.Chat);
        await Services.GetRequiredService<ModelRegistry>().RefreshAsync();
    }

    /// <summary>Adds a version with random weights.</summary>
    internal static ModelVersion Publish(ModelRepository repository, string name, ITokenizer? tokenizer = null, int seed = 7)
    {
        tokenizer ??= _words;
        var manifest = new ModelManifest { Languages = ["en"], Metrics = new Dictionary<string, double> { ["validationPerplexity"] = 12.5 } };
        return repository.Publish(name, folder => LanguageModelPackage.Write(
            folder, manifest, tokenizer, TinyModels.Random(tokenizer, seed), StorageType.Float32, "# A model for tests\n"));
    }

    internal async Task RefreshAsync() => await Services.GetRequiredService<ModelRegistry>().RefreshAsync(Cancellation);

    /// <summary>Sends a JSON body, or none, and gives status, headers and the JSON of the answer.</summary>
    internal async Task<Answer> SendAsync(HttpMethod method, string path, string? json = null, string mediaType = "application/json", string? accept = null)
    {
        using var client = CreateClient(new() { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, mediaType);
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        using var response = await client.SendAsync(request, Cancellation);
        return new Answer(response, await response.Content.ReadAsStringAsync(Cancellation));
    }

    internal Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal Task<Answer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Storage:ShippedModels", ShippedModels);
        builder.UseSetting("Storage:Models", Path.Combine(_root, "models"));
        if (WeightType is not null)
            builder.UseSetting("Serving:WeightType", WeightType);
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
