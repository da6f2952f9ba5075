using RnnService.Api.Tests.Support;
using RnnService.Serving.Tests.Support;

namespace RnnService.Api.Tests;

public class TagsTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    const string Route = "/api/v1/tags";

    [Fact]
    public async Task Post_Text_TagsEachWord()
    {
        var answer = (await application.PostAsync(Route, """{"text":"The dog sleeps."}""")).Ok();
        Assert.Equal(("tags-en", 1), ((string?)answer["model"], (int)answer["version"]!));
        var tokens = answer["tokens"]!.AsArray();
        Assert.Equal(["The", "dog", "sleeps", "."], tokens.Select(token => (string)token!["token"]!));
        Assert.Equal(["DET", "NOUN", "VERB", "PUNCT"], tokens.Select(token => (string)token!["tag"]!));
        Assert.All(tokens, token => Assert.InRange((double)token!["probability"]!, 0.25, 1));
    }

    [Fact]
    public async Task Post_TenThousandWords_TagsAll()
    {
        string text = string.Join(' ', Enumerable.Repeat("the dog", 5_000));
        Assert.Equal(10_000, (await application.PostAsync(Route, $$"""{"text":"{{text}}"}""")).Ok()["tokens"]!.AsArray().Count);
    }

    [Theory, InlineData("""{}""", "text"), InlineData("""{"text":""}""", "text"), InlineData("""{"text":3}""", "text"), InlineData("""{"text":"a","model":[]}""", "model")]
    public async Task Post_InvalidField_Is400AndNamesIt(string json, string field)
    {
        var problem = (await application.PostAsync(Route, json)).Problem(400, field);
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Post_LanguageModel_Is422AndSaysWhatItDoes() => (await application.PostAsync(Route, """{"text":"a","model":"next-word-en"}""")).Problem(
        422, "The model 'next-word-en@1' cannot tag words; it can predict next words (POST /api/v1/next-word) and continue texts (POST /api/v1/generate).");

    [Fact]
    public async Task Post_DefaultModelMissing_Is404AndSaysWhatThereIs()
    {
        await using var changed = new RnnApplication();
        await changed.InitializeAsync();
        TinyClassifiers.Publish(changed.Repository, "my-tags", TinyClassifiers.Tagger);
        await changed.RefreshAsync();
        (await changed.SendAsync(HttpMethod.Delete, "/api/v1/models/tags-en/versions/1")).Ok();
        var problem = (await changed.PostAsync(Route, """{"text":"the dog"}""")).Problem(404, "'tags-en'");
        Assert.EndsWith("models that can tag words: my-tags.", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("my-tags", (string?)(await changed.PostAsync(Route, """{"text":"the dog","model":"my-tags"}""")).Ok()["model"]);
    }

    [Fact]
    public async Task Post_Text_CountsItsWords()
    {
        await using var counted = new RnnApplication();
        await counted.InitializeAsync();
        (await counted.PostAsync(Route, """{"text":"the dog barks"}""")).Ok();
        Assert.Contains("rnn_tokens_total{model=\"tags-en\"} 3\n", (await counted.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }
}
