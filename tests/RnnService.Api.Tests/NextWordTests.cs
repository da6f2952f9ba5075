using System.Text.Json.Nodes;
using RnnService.Api.Tests.Support;

namespace RnnService.Api.Tests;

public class NextWordTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    const string Route = "/api/v1/next-word";

    async Task<JsonArray> PredictAsync(string json) => (await application.PostAsync(Route, json)).Ok()["predictions"]!.AsArray();

    [Fact]
    public async Task Post_Text_GivesFiveRankedWords()
    {
        var answer = (await application.PostAsync(Route, """{"text":"the students opened their"}""")).Ok();
        Assert.Equal("next-word-en", (string?)answer["model"]);
        Assert.Equal(1, (int)answer["version"]!);
        double[] probabilities = [.. answer["predictions"]!.AsArray().Select(prediction => (double)prediction!["probability"]!)];
        Assert.Equal(5, probabilities.Length);
        Assert.Equal(probabilities.OrderDescending(), probabilities);
        Assert.All(probabilities, probability => Assert.InRange(probability, 0, 1));
        Assert.All(answer["predictions"]!.AsArray(), prediction => Assert.False(string.IsNullOrEmpty((string?)prediction!["word"])));
    }

    [Fact]
    public async Task Post_Prefix_GivesOnlyWordsThatBeginWithIt()
    {
        var words = (await PredictAsync("""{"text":"the","prefix":"T","top":50}""")).Select(prediction => (string)prediction!["word"]!);
        Assert.Equal(["the", "their"], words.Order());
    }

    [Theory, InlineData(1, 1), InlineData(50, 7)]
    public async Task Post_Top_GivesThatManyOrAllThereAre(int top, int expected) =>
        Assert.Equal(expected, (await PredictAsync($$"""{"text":"the","top":{{top}}}""")).Count);

    [Theory, InlineData("next-word-en@1"), InlineData("next-word-en@latest"), InlineData("next-word-en")]
    public async Task Post_ModelNamed_AnswersFromIt(string model) =>
        Assert.Equal("next-word-en", (string?)(await application.PostAsync(Route, $$"""{"text":"","model":"{{model}}"}""")).Ok()["model"]);

    [Fact]
    public async Task Post_UnknownField_IsPassedOver() =>
        Assert.Equal(5, (await PredictAsync("""{"text":"the","colour":"red"}""")).Count);

    [Fact]
    public async Task Post_Apostrophe_IsWrittenAsItIs() =>
        Assert.Contains("don't", (await application.PostAsync(Route, """{"text":"","prefix":"don"}""")).Body, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":null}""", "text")]
    [InlineData("""{"text":7}""", "text")]
    [InlineData("""{"text":["a"]}""", "text")]
    [InlineData("""{"text":"\ud800"}""", "text")]
    [InlineData("""{"text":"a","top":0}""", "top")]
    [InlineData("""{"text":"a","top":51}""", "top")]
    [InlineData("""{"text":"a","top":5.5}""", "top")]
    [InlineData("""{"text":"a","top":"5"}""", "top")]
    [InlineData("""{"text":"a","top":99999999999}""", "top")]
    [InlineData("""{"text":"a","top":null}""", "top")]
    [InlineData("""{"text":"a","prefix":{}}""", "prefix")]
    [InlineData("""{"text":"a","model":true}""", "model")]
    public async Task Post_InvalidField_Is400AndNamesIt(string json, string field)
    {
        var problem = (await application.PostAsync(Route, json)).Problem(400, field);
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Post_ValueOutOfRange_SaysWhatWasFoundAndExpected() =>
        (await application.PostAsync(Route, """{"text":"a","top":999}""")).Problem(400, "top must be 1 to 50; found 999");

    [Theory]
    [InlineData("\"five\"", "a text")]
    [InlineData("5.5", "another number")]
    [InlineData("99999999999", "another number")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("null", "null")]
    [InlineData("{}", "an object")]
    [InlineData("[5]", "a list")]
    public async Task Post_ValueOfAnotherType_SaysWhatWasFoundAndExpected(string value, string found) =>
        (await application.PostAsync(Route, $$"""{"text":"a","top":{{value}}}""")).Problem(400, $"top must be a whole number within 32 bits; found {found} (line 1, byte ");

    [Theory]
    [InlineData("7", "a number")]
    [InlineData("\"\\ud800\"", "half of a surrogate pair")]
    public async Task Post_NoText_SaysWhatWasFoundAndExpected(string value, string found) =>
        (await application.PostAsync(Route, $$"""{"text":{{value}}}""")).Problem(400, $"text must be a text of valid Unicode; found {found} (line 1, byte ");

    [Fact]
    public async Task Post_TwoInvalidFields_NamesBoth()
    {
        string text = new('a', 20_001);
        var problem = (await application.PostAsync(Route, $$"""{"text":"{{text}}","top":0}""")).Problem(400);
        Assert.Equal(["text", "top"], problem["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Theory, InlineData("{"), InlineData(""), InlineData("null"), InlineData("[]"), InlineData("\"a\""), InlineData("""{"text":"a"} x"""), InlineData("""{"text":"a",}"""),
        InlineData("not json")]
    public async Task Post_NotAJsonObject_Is400(string body) => (await application.PostAsync(Route, body)).Problem(400);

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"", 200)]
    [InlineData("application/json; charset=UTF-8", 200)]
    [InlineData("application/json; charset=nonsense", 415)]
    [InlineData("application/json; charset=utf-7", 415)]
    [InlineData("text/plain", 415)]
    public async Task Post_AnyContentType_IsReadOrRefused(string contentType, int status)
    {
        using var client = application.CreateClient();
        using var content = new ByteArrayContent("""{"text":"the"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await client.PostAsync(new Uri(Route, UriKind.Relative), content, RnnApplication.Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Post_Compressed_Is415()
    {
        using var client = application.CreateClient();
        using var content = new ByteArrayContent([0x1F, 0x8B]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await client.PostAsync(new Uri(Route, UriKind.Relative), content, RnnApplication.Cancellation);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.Contains("gzip", await response.Content.ReadAsStringAsync(RnnApplication.Cancellation), StringComparison.Ordinal);
    }

    [Theory, InlineData("nobody"), InlineData("next-word-en@2"), InlineData("next-word-en@nobody"), InlineData("../../etc"), InlineData("")]
    public async Task Post_UnknownModel_Is404(string model) =>
        (await application.PostAsync(Route, $$"""{"text":"a","model":"{{model}}"}""")).Problem(404, model.Split('@')[^1]);

    [Theory, InlineData("我昨天上学迟到了,老师批评了", "next-word-zh"), InlineData("the 老师", "next-word-zh"), InlineData("the", "next-word-en"),
        InlineData("the students opened 老师", "next-word-en"), InlineData("我们 books the 学习", "next-word-zh")]
    public async Task Post_NoModelNamed_AsksTheOneForTheScript(string text, string model)
    {
        var answer = (await application.PostAsync(Route, $$"""{"text":"{{text}}"}""")).Ok();
        Assert.Equal((model, 5), ((string?)answer["model"], answer["predictions"]!.AsArray().Count));
    }

    [Fact]
    public async Task Post_ChinesePrefix_GivesOnlyWordsThatBeginWithIt()
    {
        var words = (await PredictAsync("""{"text":"","prefix":"老","top":3}""")).Select(prediction => (string)prediction!["word"]!).ToArray();
        Assert.NotEmpty(words);
        Assert.All(words, word => Assert.StartsWith("老", word, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_CharacterModel_SpellsWords() => Assert.All(
        await PredictAsync("""{"text":"the ","model":"shakespeare"}"""), prediction => Assert.Matches("^[a-z]+$", (string)prediction!["word"]!));

    [Fact]
    public async Task Post_ModelOfAnotherTask_Is422() =>
        (await application.PostAsync(Route, """{"text":"a","model":"tags-en"}""")).Problem(422, "tags-en");

    [Fact]
    public async Task Post_OtherMediaType_Is415() =>
        (await application.SendAsync(HttpMethod.Post, Route, "text=a", "application/x-www-form-urlencoded")).Problem(415, "application/x-www-form-urlencoded");

    [Fact]
    public async Task Get_Is405() => (await application.GetAsync(Route)).Problem(405, "POST");
}
