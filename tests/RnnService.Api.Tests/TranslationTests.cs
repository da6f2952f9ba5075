using System.Text.Json.Nodes;
using RnnService.Api.Tests.Support;

namespace RnnService.Api.Tests;

public class TranslationTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    const string Route = "/api/v1/translation";

    async Task<JsonNode> TranslateAsync(string json) => (await application.PostAsync(Route, json)).Ok();

    [Fact]
    public async Task Post_Text_GivesTheTranslationOnly()
    {
        var answer = await TranslateAsync("""{"text":"Elle aime la Chine.","source":"fr","target":"en"}""");
        Assert.Equal(["model", "version", "translation"], answer.AsObject().Select(field => field.Key));
        Assert.Equal(("translate-fr-en", 1, "She loves China."), ((string?)answer["model"], (int)answer["version"]!, (string?)answer["translation"]));
    }

    [Theory]
    [InlineData("She sleeps.\\n\\nHe loves books. She loves China.", "她在睡觉。\n\n他爱书。她爱中国。")]
    [InlineData("  She sleeps. ", "  她在睡觉。 ")]
    public async Task Post_LongText_IsSplitAndRejoined(string text, string expected) =>
        Assert.Equal(expected, (string?)(await TranslateAsync($$"""{"text":"{{text}}","source":"en","target":"zh"}"""))["translation"]);

    [Fact]
    public async Task Post_ManySentences_AllComeBack()
    {
        string text = string.Join(' ', Enumerable.Repeat("Elle dort. Il aime les livres.", 300));
        string expected = string.Join(' ', Enumerable.Repeat("She sleeps. He loves books.", 300));
        Assert.Equal(expected, (string?)(await TranslateAsync($$"""{"text":"{{text}}","source":"fr","target":"en","beamSize":2}"""))["translation"]);
    }

    [Fact]
    public async Task Post_Alternatives_AreOtherTextsBestFirst()
    {
        var answer = await TranslateAsync("""{"text":"Elle dort.","source":"fr","target":"en","alternatives":3}""");
        var alternatives = answer["alternatives"]!.AsArray();
        Assert.Equal(3, alternatives.Count);
        double[] scores = [.. alternatives.Select(alternative => (double)alternative!["score"]!)];
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.DoesNotContain("She sleeps.", alternatives.Select(alternative => (string?)alternative!["text"]));
    }

    [Fact]
    public async Task Post_Alignment_HasAWeightForEachPairOfTokens()
    {
        var alignment = (await TranslateAsync("""{"text":"Elle aime la Chine.","source":"fr","target":"en","alignment":true}"""))["alignment"]!;
        Assert.Equal(["Elle", "aime", "la", "Chine", "."], alignment["sourceTokens"]!.AsArray().Select(token => (string)token!));
        Assert.Equal(["She", "loves", "China", "."], alignment["targetTokens"]!.AsArray().Select(token => (string)token!));
        var weights = alignment["weights"]!.AsArray().Select(row => row!.AsArray().Select(weight => (double)weight!).ToArray()).ToArray();
        Assert.Equal(4, weights.Length);
        Assert.All(weights, row => Assert.Equal(5, row.Length));
        Assert.All(weights, row => Assert.InRange(row.Sum(), 0, 1.001));
    }

    [Theory, InlineData("en", "de"), InlineData("en", "fr"), InlineData("en", "en"), InlineData("fr", "../zh")]
    public async Task Post_PairThereIsNot_Is422AndListsThoseThereAre(string source, string target)
    {
        var problem = (await application.PostAsync(Route, $$"""{"text":"a","source":"{{source}}","target":"{{target}}"}""")).Problem(422, $"from '{source}' to '{target}'");
        Assert.EndsWith("there are: en to zh, fr to en.", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ModelOfOtherLanguages_Is422() =>
        (await application.PostAsync(Route, """{"text":"a","source":"en","target":"zh","model":"translate-fr-en"}""")).Problem(422, "fr to en, not en to zh");

    [Fact]
    public async Task Post_ModelOfAnotherTask_Is422AndSaysWhatItDoes() =>
        (await application.PostAsync(Route, """{"text":"a","source":"en","target":"zh","model":"chat-en"}""")).Problem(422, "it can chat (POST /api/v1/chat)");

    [Fact]
    public async Task Post_UnknownModel_Is404() =>
        (await application.PostAsync(Route, """{"text":"a","source":"en","target":"zh","model":"nobody"}""")).Problem(404, "nobody");

    [Theory]
    [InlineData("""{"source":"fr","target":"en"}""", "text")]
    [InlineData("""{"text":"","source":"fr","target":"en"}""", "text")]
    [InlineData("""{"text":"a","target":"en"}""", "source")]
    [InlineData("""{"text":"a","source":"fr","target":""}""", "target")]
    [InlineData("""{"text":"a","source":"fr","target":7}""", "target")]
    [InlineData("""{"text":"a","source":"fr","target":"en","beamSize":0}""", "beamSize")]
    [InlineData("""{"text":"a","source":"fr","target":"en","beamSize":17}""", "beamSize")]
    [InlineData("""{"text":"a","source":"fr","target":"en","alternatives":11}""", "alternatives")]
    [InlineData("""{"text":"a","source":"fr","target":"en","alignment":"yes"}""", "alignment")]
    public async Task Post_InvalidField_Is400AndNamesIt(string json, string field)
    {
        var problem = (await application.PostAsync(Route, json)).Problem(400, field);
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Post_AlignmentOfALongText_Is400()
    {
        string text = string.Join(' ', Enumerable.Repeat("Elle dort.", 200));
        (await application.PostAsync(Route, $$"""{"text":"{{text}}","source":"fr","target":"en","alignment":true}""")).Problem(400, "alignment is for texts of at most 2000");
    }
}
