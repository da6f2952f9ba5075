using RnnService.Api.Tests.Support;

namespace RnnService.Api.Tests;

/// <summary>Each test has a service of its own: they change what is served.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    const string Words = "/api/v1/models/next-word-en";
    readonly RnnApplication _application = new();

    public ValueTask InitializeAsync() => _application.InitializeAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    async Task<int> AnsweringVersionAsync(string model = "next-word-en") =>
        (int)(await _application.PostAsync("/api/v1/next-word", $$"""{"text":"the","model":"{{model}}"}""")).Ok()["version"]!;

    async Task PublishSecondAsync()
    {
        RnnApplication.Publish(_application.Repository, RnnApplication.Words, seed: 8);
        await _application.RefreshAsync();
    }

    [Fact]
    public async Task Get_Models_DescribesAll()
    {
        var models = (await _application.GetAsync("/api/v1/models")).Ok()["models"]!.AsArray();
        Assert.Equal(
            ["chat-en", "home-runs", "next-word-en", "next-word-zh", "sentiment-en", "sentiment-zh", "shakespeare", "tags-en", "translate-en-zh", "translate-fr-en"],
            models.Select(model => (string)model!["name"]!));
        var words = models[2]!;
        Assert.Null(words["labels"]);
        Assert.Null(words["series"]);
        Assert.Equal("language-model", (string?)words["task"]);
        Assert.Equal("en", (string?)words["languages"]![0]);
        Assert.Equal("[1]", words["versions"]!.ToJsonString());
        Assert.Equal("ready", (string?)words["state"]);
        Assert.Equal(12.5, (double)words["metrics"]!["validationPerplexity"]!);
        Assert.True((long)words["bytes"]! > 1000);
        Assert.StartsWith("# A model", (string?)words["card"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ServedWithInt8Weights_SaysSoAndAnswersNearly()
    {
        await using var rounded = new RnnApplication { WeightType = "int8" };
        await rounded.InitializeAsync();
        Assert.Equal("float32", (string?)(await _application.GetAsync(Words)).Ok()["weightType"]);
        Assert.Equal("int8", (string?)(await rounded.GetAsync(Words)).Ok()["weightType"]);
        Assert.Equal("int8", (string?)(await rounded.GetAsync($"{Words}/versions/1")).Ok()["weightType"]);
        Assert.Equal("float32", (string?)(await rounded.GetAsync("/api/v1/models/tags-en")).Ok()["weightType"]);
        double exact = await ProbabilityAsync(_application), near = await ProbabilityAsync(rounded);
        Assert.NotEqual(exact, near);
        Assert.Equal(exact, near, 0.02);

        static async Task<double> ProbabilityAsync(RnnApplication application)
        {
            var answer = (await application.PostAsync("/api/v1/next-word", """{"text":"the students","top":1}""")).Ok();
            return (double)answer["predictions"]![0]!["probability"]!;
        }
    }

    [Theory, InlineData("sentiment-zh", "sequence-classifier", "negative, positive", "zh"), InlineData("tags-en", "tagger", "DET, NOUN, VERB, PUNCT", "en"),
        InlineData("home-runs", "series-classifier", "0-9, 10-19, 20-29, 30-39, 40+", "")]
    public async Task Get_Classifier_ShowsItsLabels(string name, string task, string labels, string languages)
    {
        foreach (string path in new[] { $"/api/v1/models/{name}", $"/api/v1/models/{name}/versions/1" })
        {
            var model = (await _application.GetAsync(path)).Ok();
            Assert.Equal(task, (string?)model["task"]);
            Assert.Equal(labels, string.Join(", ", model["labels"]!.AsArray()));
            Assert.Equal(languages, string.Join(", ", model["languages"]!.AsArray()));
        }
    }

    [Fact]
    public async Task Get_SeriesClassifier_ShowsItsFeatures()
    {
        var series = (await _application.GetAsync("/api/v1/models/home-runs")).Ok()["series"]!;
        Assert.Equal(["Age", "G", "PA"], series["features"]!.AsArray().Take(3).Select(name => (string)name!));
        Assert.Equal(10, (int)series["window"]!);
    }

    [Fact]
    public async Task Get_Model_IsTheSameAsInTheList()
    {
        var models = (await _application.GetAsync("/api/v1/models")).Ok()["models"]!;
        Assert.Equal(models[2]!.ToJsonString(), (await _application.GetAsync(Words)).Ok().ToJsonString());
    }

    [Fact]
    public async Task Get_Version_DescribesItsNetwork()
    {
        var version = (await _application.GetAsync($"{Words}/versions/1")).Ok();
        Assert.Equal("lstm", (string?)version["architecture"]!["cell"]);
        Assert.Equal(8, (int)version["architecture"]!["hiddenSize"]!);
        Assert.Equal("ready", (string?)version["state"]);
    }

    [Theory, InlineData("/api/v1/models/nobody"), InlineData(Words + "/versions/9"), InlineData("/api/v1/models/..%2F..%2Fetc"), InlineData("/api/v1/models/NEXT"),
        InlineData(Words + "/versions/0"), InlineData(Words + "/versions/one"), InlineData(Words + "/versions/99999999999")]
    public async Task Get_Unknown_Is404(string path) => (await _application.GetAsync(path)).Problem(404);

    [Fact]
    public async Task Publish_NewVersion_IsNoticedAndServed()
    {
        await PublishSecondAsync();
        Assert.Equal(2, await AnsweringVersionAsync());
        var model = (await _application.GetAsync(Words)).Ok();
        Assert.Equal("[1,2]", model["versions"]!.ToJsonString());
        Assert.Equal(2, (int)model["version"]!);
    }

    [Fact]
    public async Task Put_Alias_MovesWhatTheNameMeans()
    {
        await PublishSecondAsync();
        var aliases = (await _application.SendAsync(HttpMethod.Put, $"{Words}/aliases/production", """{"version":1}""")).Ok();
        Assert.Equal(1, (int)aliases["aliases"]!["production"]!);
        Assert.Equal(1, await AnsweringVersionAsync());
        Assert.Equal(1, await AnsweringVersionAsync("next-word-en@production"));
        for (int again = 0; again < 2; again++)
            Assert.Empty((await _application.SendAsync(HttpMethod.Delete, $"{Words}/aliases/production")).Ok()["aliases"]!.AsObject());
        Assert.Equal(2, await AnsweringVersionAsync());
    }

    [Theory, InlineData("""{"version":7}""", 404), InlineData("""{"version":0}""", 400), InlineData("""{}""", 400), InlineData("""{"version":"1"}""", 400)]
    public async Task Put_AliasToNoVersion_IsRefused(string json, int status) =>
        (await _application.SendAsync(HttpMethod.Put, $"{Words}/aliases/production", json)).Problem(status, "version");

    [Theory, InlineData("UPPER"), InlineData("3"), InlineData("a.b")]
    public async Task Put_AliasOfABadName_Is400(string alias) =>
        (await _application.SendAsync(HttpMethod.Put, $"{Words}/aliases/{alias}", """{"version":1}""")).Problem(400, alias);

    [Fact]
    public async Task Unload_ThenRequest_Is409UntilLoaded()
    {
        for (int again = 0; again < 2; again++)
            Assert.Equal("unloaded", (string?)(await _application.SendAsync(HttpMethod.Post, $"{Words}/versions/1/unload")).Ok()["state"]);
        (await _application.PostAsync("/api/v1/next-word", """{"text":"a"}""")).Problem(409, "/api/v1/models/next-word-en/versions/1/load");
        for (int again = 0; again < 2; again++)
            Assert.Equal("ready", (string?)(await _application.SendAsync(HttpMethod.Post, $"{Words}/versions/1/load")).Ok()["state"]);
        Assert.Equal(1, await AnsweringVersionAsync());
    }

    [Theory, InlineData("load"), InlineData("unload")]
    public async Task LoadOrUnload_UnknownVersion_Is404(string change) =>
        (await _application.SendAsync(HttpMethod.Post, $"{Words}/versions/9/{change}")).Problem(404, "9");

    [Fact]
    public async Task Delete_Version_IsGoneAndCanBeRepeated()
    {
        await PublishSecondAsync();
        for (int again = 0; again < 2; again++)
            (await _application.SendAsync(HttpMethod.Delete, $"{Words}/versions/2")).Ok();
        Assert.Equal(1, await AnsweringVersionAsync());
        (await _application.GetAsync($"{Words}/versions/2")).Problem(404);
    }

    [Fact]
    public async Task Delete_OnlyVersion_CanBeRepeated()
    {
        RnnApplication.Publish(_application.Repository, "trial");
        for (int again = 0; again < 2; again++)
            (await _application.SendAsync(HttpMethod.Delete, "/api/v1/models/trial/versions/1")).Ok();
        (await _application.GetAsync("/api/v1/models/trial")).Problem(404, "trial");
    }

    [Theory, InlineData("GET", ""), InlineData("DELETE", "/versions/1"), InlineData("PUT", "/aliases/canary")]
    public async Task Any_ReferenceInPlaceOfAName_Is404(string method, string path) =>
        (await _application.SendAsync(new HttpMethod(method), $"{Words}@1{path}", method == "PUT" ? """{"version":1}""" : null)).Problem(404, "next-word-en");

    [Fact]
    public async Task BrokenAliases_AreThatModelsMisfortuneOnly()
    {
        (await _application.SendAsync(HttpMethod.Put, $"{Words}/aliases/production", """{"version":1}""")).Ok();
        await PublishSecondAsync();
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(RnnApplication.Publish(_application.Repository, RnnApplication.Words).Folder)!, "aliases.json"), "{bad", RnnApplication.Cancellation);
        await _application.RefreshAsync();
        Assert.Equal(1, await AnsweringVersionAsync());
        Assert.Equal(10, (await _application.GetAsync("/api/v1/models")).Ok()["models"]!.AsArray().Count);
        Assert.StartsWith("aliases.json: line 1", (string?)(await _application.GetAsync(Words)).Ok()["error"], StringComparison.Ordinal);
        (await _application.SendAsync(HttpMethod.Put, $"{Words}/aliases/canary", """{"version":1}""")).Problem(409, "aliases.json: line 1");
        (await _application.SendAsync(HttpMethod.Put, "/api/v1/models/tags-en/aliases/canary", """{"version":1}""")).Ok();
    }

    [Fact]
    public async Task Delete_ShippedVersion_Is409() => (await _application.SendAsync(HttpMethod.Delete, $"{Words}/versions/1")).Problem(409, "ships");

    [Fact]
    public async Task Delete_VersionWithAnAlias_Is409()
    {
        await PublishSecondAsync();
        (await _application.SendAsync(HttpMethod.Put, $"{Words}/aliases/canary", """{"version":2}""")).Ok();
        (await _application.SendAsync(HttpMethod.Delete, $"{Words}/versions/2")).Problem(409, "canary");
    }

    [Fact]
    public async Task Delete_UnknownModel_Is404() => (await _application.SendAsync(HttpMethod.Delete, "/api/v1/models/nobody/versions/1")).Problem(404, "nobody");

    [Fact]
    public async Task BrokenWeights_Are503ForThatModelOnly()
    {
        var broken = RnnApplication.Publish(_application.Repository, "broken");
        await using (var weights = File.OpenWrite(Path.Combine(broken.Folder, "model.safetensors")))
            weights.SetLength(100);
        await _application.RefreshAsync();
        (await _application.PostAsync("/api/v1/next-word", """{"text":"a","model":"broken"}""")).Problem(503, "'broken@1' cannot be loaded: model.safetensors");
        Assert.Equal("failed", (string?)(await _application.GetAsync("/api/v1/models/broken")).Ok()["state"]);
        Assert.Equal(1, await AnsweringVersionAsync());
        (await _application.GetAsync("/health/ready")).Ok();
    }

    [Fact]
    public async Task BrokenManifest_IsShownWithItsError()
    {
        var broken = RnnApplication.Publish(_application.Repository, "broken");
        await File.WriteAllTextAsync(Path.Combine(broken.Folder, "model.json"), "{", RnnApplication.Cancellation);
        await _application.RefreshAsync();
        var model = (await _application.GetAsync("/api/v1/models/broken")).Ok();
        Assert.Equal(("failed", "unknown"), ((string?)model["state"], (string?)model["task"]));
        Assert.Contains("model.json", (string?)model["error"], StringComparison.Ordinal);
    }
}
