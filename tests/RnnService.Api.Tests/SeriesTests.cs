using System.Text.Json;
using RnnService.Api.Tests.Support;
using RnnService.Serving.Tests.Support;

namespace RnnService.Api.Tests;

public class SeriesTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    const string Route = "/api/v1/series";

    static string Seasons(int count, double homeRuns = 35) =>
        JsonSerializer.Serialize(new { steps = Enumerable.Range(0, count).Select(_ => TinyClassifiers.Season(homeRuns)) });

    [Theory, InlineData(1), InlineData(6), InlineData(10)]
    public async Task Post_Steps_GivesLabelAndScores(int count)
    {
        var answer = (await application.PostAsync(Route, Seasons(count))).Ok();
        Assert.Equal(["model", "version", "label", "score", "scores"], answer.AsObject().Select(field => field.Key));
        Assert.Equal(("home-runs", 1), ((string?)answer["model"], (int)answer["version"]!));
        var scores = answer["scores"]!.AsObject();
        Assert.Equal(["0-9", "10-19", "20-29", "30-39", "40+"], scores.Select(score => score.Key));
        Assert.Equal(1, scores.Sum(score => (double)score.Value!), 1e-6);
        Assert.Equal((double)answer["score"]!, (double)scores[(string)answer["label"]!]!);
    }

    [Theory, InlineData(5, "0-9"), InlineData(45, "40+")]
    public async Task Post_Steps_AreWhatTheAnswerDependsOn(double homeRuns, string label) =>
        Assert.Equal(label, (string?)(await application.PostAsync(Route, Seasons(6, homeRuns))).Ok()["label"]);

    [Theory]
    [InlineData("""{}""", "steps", "is required")]
    [InlineData("""{"steps":null}""", "steps", "is required")]
    [InlineData("""{"steps":7}""", "steps", "must be a list of lists of numbers")]
    [InlineData("""{"steps":[]}""", "steps", "has 0 steps, expected 1 to 10")]
    [InlineData("""{"steps":[[1,2]]}""", "steps[0]", "has 2 numbers, expected 15 numbers: Age, G, PA, AB, R, H, 2B, 3B, HR, RBI, SB, BB, SO, OPS, TB")]
    [InlineData("""{"steps":[null]}""", "steps[0]", "is null, expected 15 numbers: Age, G")]
    [InlineData("""{"steps":[[1,2,3,4,5,6,7,8,9,10,11,12,13,1,15],7]}""", "steps[1]", "must be a list of numbers")]
    [InlineData("""{"steps":[[1,"2"]]}""", "steps[0][1]", "must be a number")]
    [InlineData("""{"steps":[[1,null]]}""", "steps[0][1]", "must be a number")]
    [InlineData("""{"steps":[[1,2,3,4,5,6,7,8,9,10,11,12,13,1e999,15]]}""", "steps[0][13]", "is Infinity, expected OPS")]
    [InlineData("""{"steps":[[1]],"model":1}""", "model", "must be a text")]
    public async Task Post_InvalidField_Is400AndNamesIt(string json, string field, string wrong)
    {
        var problem = (await application.PostAsync(Route, json)).Problem(400, $"{field} {wrong}");
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Post_ElevenSteps_SaysHowManyThereMayBe() =>
        (await application.PostAsync(Route, Seasons(11))).Problem(400, "steps has 11 steps, expected 1 to 10, oldest first");

    [Fact]
    public async Task Post_ModelOfAnotherTask_Is422AndSaysWhatItDoes() => (await application.PostAsync(Route, """{"steps":[[1]],"model":"sentiment-en"}"""))
        .Problem(422, "The model 'sentiment-en@1' cannot classify series of numbers; it can classify texts (POST /api/v1/sentiment).");
}
