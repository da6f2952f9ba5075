using RnnService.Api.Tests.Support;
using RnnService.Serving.Tests.Support;

namespace RnnService.Api.Tests;

public class SentimentTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    const string Route = "/api/v1/sentiment";

    [Fact]
    public async Task Post_Text_GivesLabelAndScores()
    {
        var answer = (await application.PostAsync(Route, """{"text":"I love this film."}""")).Ok();
        Assert.Equal(["model", "version", "label", "score", "scores"], answer.AsObject().Select(field => field.Key));
        Assert.Equal(("sentiment-en", 1, "positive"), ((string?)answer["model"], (int)answer["version"]!, (string?)answer["label"]));
        Assert.Equal(["negative", "positive"], answer["scores"]!.AsObject().Select(score => score.Key));
        Assert.Equal((double)answer["score"]!, (double)answer["scores"]!["positive"]!);
        Assert.Equal(1, (double)answer["scores"]!["positive"]! + (double)answer["scores"]!["negative"]!, 1e-6);
    }

    [Theory, InlineData("我不喜歡你。", null, "sentiment-zh", "negative"), InlineData("我愛死你了。", "sentiment-zh@1", "sentiment-zh", "positive"),
        InlineData("I hate it", "sentiment-en@latest", "sentiment-en", "negative")]
    public async Task Post_ModelNamedOrNot_AnswersFromTheRightOne(string text, string? model, string expectedModel, string expectedLabel)
    {
        string naming = model is null ? "" : $", \"model\": \"{model}\"";
        var answer = (await application.PostAsync(Route, $$"""{"text": "{{text}}"{{naming}}}""")).Ok();
        Assert.Equal((expectedModel, expectedLabel), ((string?)answer["model"], (string?)answer["label"]));
    }

    [Fact]
    public async Task Post_Explain_SaysWhatEachTokenContributes()
    {
        var answer = (await application.PostAsync(Route, """{"text":"I hate this film.","explain":true}""")).Ok();
        var tokens = answer["tokens"]!.AsArray();
        Assert.Equal(["I", "hate", "this", "film", "."], tokens.Select(token => (string)token!["token"]!));
        double[] contributions = [.. tokens.Select(token => (double)token!["contribution"]!)];
        double difference = (double)answer["score"]! - (double)answer["baselineScore"]!;
        Assert.True(Math.Abs(contributions.Sum() - difference) <= 0.01 * Math.Abs(difference), $"{contributions.Sum()} for {difference}");
        Assert.Equal(Math.Abs(contributions.Sum() - difference), (double)answer["completenessError"]!, 1e-9);
        Assert.Equal("negative", (string?)answer["label"]);
        Assert.True(contributions[1] > 0.5 && contributions[1] == contributions.Max(), $"hate contributes {contributions[1]}");
    }

    [Fact]
    public async Task Post_TenThousandWords_AreReadAtBothEnds()
    {
        string text = string.Join(' ', Enumerable.Repeat("wonderful", 9_998).Append("hate").Append("it"));
        var answer = (await application.PostAsync(Route, $$"""{"text":"{{text}}","explain":true}""")).Ok();
        Assert.Equal("negative", (string?)answer["label"]);
        Assert.Equal(TinyClassifiers.MaxLength, answer["tokens"]!.AsArray().Count);
    }

    [Theory, InlineData("text/event-stream"), InlineData("text/html"), InlineData("application/json")]
    public async Task Post_WhateverIsAccepted_AnswersJson(string accept)
    {
        var answer = await application.SendAsync(HttpMethod.Post, Route, """{"text":"love it"}""", accept: accept);
        Assert.Equal((200, "application/json"), (answer.Status, answer.MediaType));
    }

    [Theory]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":null}""", "text")]
    [InlineData("""{"text":""}""", "text")]
    [InlineData("""{"text":" \n"}""", "text")]
    [InlineData("""{"text":["a"]}""", "text")]
    [InlineData("""{"text":"\ud800"}""", "text")]
    [InlineData("""{"text":"a","explain":"yes"}""", "explain")]
    [InlineData("""{"text":"a","explain":null}""", "explain")]
    [InlineData("""{"text":"a","model":7}""", "model")]
    public async Task Post_InvalidField_Is400AndNamesIt(string json, string field)
    {
        var problem = (await application.PostAsync(Route, json)).Problem(400, field);
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory, InlineData(""), InlineData("  ")]
    public async Task Post_EmptyText_SaysSoAndNoMore(string text) =>
        Assert.Equal("text must not be empty.", (string?)(await application.PostAsync(Route, $$"""{"text":"{{text}}"}""")).Problem(400)["detail"]);

    [Fact]
    public async Task Post_TextTooLong_SaysHowLongItMayBe()
    {
        string text = new('愛', 100_001);
        (await application.PostAsync(Route, $$"""{"text":"{{text}}"}""")).Problem(400, "text must have at most 100000 characters; found 100001");
    }

    [Fact]
    public async Task Post_ModelOfAnotherTask_Is422AndSaysWhatItDoes() => (await application.PostAsync(Route, """{"text":"a","model":"tags-en"}"""))
        .Problem(422, "The model 'tags-en@1' cannot classify texts; it can tag words (POST /api/v1/tags).");

    [Fact]
    public async Task Post_UnknownModel_Is404() => (await application.PostAsync(Route, """{"text":"a","model":"nobody"}""")).Problem(404, "nobody");
}
