using RnnService.Api.Tests.Support;

namespace RnnService.Api.Tests;

public class ChatTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    const string Route = "/api/v1/chat";

    async Task<string> ReplyAsync(string json) => (string)(await application.PostAsync(Route, json)).Ok()["reply"]!;

    [Fact]
    public async Task Post_Text_GivesAReply()
    {
        var answer = (await application.PostAsync(Route, """{"text":"hello","temperature":0}""")).Ok();
        Assert.Equal("""{"model":"chat-en","version":1,"reply":"hi, how are you?"}""", answer.ToJsonString());
    }

    [Fact]
    public async Task Post_Turns_AnswersTheLast() =>
        Assert.Equal("fine, thank you.", await ReplyAsync("""{"text":"hello\nhi\nhow are you?","temperature":0,"model":"chat-en@1"}"""));

    [Fact]
    public async Task Post_Seed_RepeatsTheReply()
    {
        async Task<string[]> RepliesAsync() =>
            [.. await Task.WhenAll(Enumerable.Range(0, 10).Select(seed => ReplyAsync($$"""{"text":"hello","temperature":5,"seed":{{seed}}}""")))];
        string[] replies = await RepliesAsync();
        Assert.Equal(replies, await RepliesAsync());
        Assert.True(replies.Distinct().Count() > 3);
    }

    [Fact]
    public async Task Post_LongConversation_IsReadFromItsEnd()
    {
        string turns = string.Join("\\n", Enumerable.Repeat("hello", 2000).Append("hello\\nhi\\nhow are you?"));
        Assert.NotEmpty(await ReplyAsync($$"""{"text":"{{turns}}","temperature":0}"""));
    }

    [Theory]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":" \n"}""", "text")]
    [InlineData("""{"text":"a","temperature":-1}""", "temperature")]
    [InlineData("""{"text":"a","temperature":"hot"}""", "temperature")]
    [InlineData("""{"text":"a","seed":1.5}""", "seed")]
    public async Task Post_InvalidField_Is400AndNamesIt(string json, string field)
    {
        var problem = (await application.PostAsync(Route, json)).Problem(400, field);
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Post_ModelOfAnotherTask_Is422AndSaysWhatItDoes() => (await application.PostAsync(Route, """{"text":"a","model":"translate-en-zh"}"""))
        .Problem(422, "The model 'translate-en-zh@1' cannot chat; it can translate texts (POST /api/v1/translation).");

    [Fact]
    public async Task Post_Text_CountsItsTokens()
    {
        await using var counted = new RnnApplication();
        await counted.InitializeAsync();
        (await counted.PostAsync(Route, """{"text":"hello","temperature":0}""")).Ok();
        Assert.Contains("rnn_tokens_total{model=\"chat-en\"} 7\n", (await counted.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }
}
