using RnnService.Models.Classification;
using RnnService.Serving.Registry;
using RnnService.Serving.Tests.Support;

namespace RnnService.Serving.Tests;

public sealed class ClassificationTests : IAsyncLifetime
{
    readonly ServingHost _host = new(new() { Tags = "missing", Sentiment = "english", SentimentChinese = "chinese" });

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host.Add("english", TinyClassifiers.English);
        _host.Add("chinese", TinyClassifiers.Chinese);
        _host.Add("tagger", TinyClassifiers.Tagger);
        _host.Add("home-runs", TinyClassifiers.HomeRuns);
        _host.Source.Set("words", [1]);
        await _host.Registry.RefreshAsync(Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory, InlineData("I love this film.", "english", "positive", 5), InlineData("I hate it", "english", "negative", 3), InlineData("我不喜歡你。", "chinese", "negative", 6),
        InlineData("我愛你, film", "chinese", "positive", 9)]
    public async Task ClassifyText_NoModelNamed_AsksTheOneForTheScript(string text, string model, string label, int tokens)
    {
        var answer = await _host.Predictions.ClassifyTextAsync(null, text, Cancellation);
        Assert.Equal((new ModelKey(model, 1), label, tokens), (answer.Model, answer.Result.Label, answer.Tokens));
    }

    [Theory, InlineData("𠀀", "chinese"), InlineData("㐀", "chinese"), InlineData("ありがとう 😀", "english")]
    public async Task ClassifyText_RareCharacters_AreChineseWhereTheyAreHan(string text, string model) =>
        Assert.Equal(model, (await _host.Predictions.ClassifyTextAsync(null, text, Cancellation)).Model.Name);

    [Fact]
    public async Task ClassifyText_ModelNamed_AsksIt() =>
        Assert.Equal("english", (await _host.Predictions.ClassifyTextAsync("english", "我愛你", Cancellation)).Model.Name);

    // On the way to the second text the probability jumps from 0 to 0.6 within a hundredth of it.
    [Theory, InlineData("I love this film."), InlineData("I don't like you. I love it."), InlineData("unknown words only")]
    public async Task ExplainText_Contributions_AddUpToTheScoreWithoutTheText(string text)
    {
        var answer = await _host.Predictions.ExplainTextAsync(null, text, Cancellation);
        var explanation = answer.Result;
        double difference = explanation.Scores.Score - explanation.BaselineScore, sum = explanation.Tokens.Sum(token => token.Contribution);
        Assert.Equal(answer.Tokens, explanation.Tokens.Count);
        Assert.True(Math.Abs(sum - difference) <= 0.01 * Math.Abs(difference) + 1e-5, $"{sum} for {difference}");
        Assert.Equal(Math.Abs(sum - difference), explanation.CompletenessError, 1e-9);
    }

    [Fact]
    public async Task ExplainAndTag_CallerHasLeft_Stop()
    {
        var left = new CancellationToken(canceled: true);
        using var lease = _host.Registry.Acquire("english");
        Assert.Throws<OperationCanceledException>(() => lease.Model.As<TextClassifier>().Explain("I love it", left));
        using var tagger = _host.Registry.Acquire("tagger");
        Assert.Throws<OperationCanceledException>(() => tagger.Model.As<WordTagger>().Tag("the dog", left));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _host.Predictions.ExplainTextAsync("english", "I love it", left));
        Assert.Equal(0, _host.Gate.Running);
    }

    [Fact]
    public async Task Tag_NoModelNamedAndTheDefaultMissing_SaysWhichAndWhatThereIs()
    {
        var failure = await Assert.ThrowsAsync<ServingException>(() => _host.Predictions.TagAsync(null, "the dog", Cancellation));
        Assert.Equal(ServingFailure.UnknownModel, failure.Failure);
        Assert.Equal("The repository does not have 'missing', which answers when a request names no model; models that can tag words: tagger.", failure.Message);
        await _host.Registry.UnloadAsync(new("tagger", 1));
        failure = await Assert.ThrowsAsync<ServingException>(() => _host.Predictions.TagAsync(null, "the dog", Cancellation));
        Assert.EndsWith("models that can tag words: none.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tag_Text_TagsEachWord()
    {
        var answer = await _host.Predictions.TagAsync("tagger", "The dog sleeps.", Cancellation);
        Assert.Equal(["DET", "NOUN", "VERB", "PUNCT"], answer.Result.Select(word => word.Tag));
        Assert.Equal(4, answer.Tokens);
    }

    [Theory, InlineData("words", "it can predict next words (POST /api/v1/next-word) and continue texts (POST /api/v1/generate)."),
        InlineData("tagger", "it can tag words (POST /api/v1/tags)."), InlineData("home-runs", "it can classify series of numbers (POST /api/v1/series).")]
    public async Task ClassifyText_ModelOfAnotherTask_SaysWhatItDoes(string model, string message)
    {
        var failure = await Assert.ThrowsAsync<ServingException>(() => _host.Predictions.ClassifyTextAsync(model, "I love it", Cancellation));
        Assert.Equal((ServingFailure.WrongTask, $"The model '{model}@1' cannot classify texts; {message}"), (failure.Failure, failure.Message));
    }

    [Theory, InlineData(4, "0-9"), InlineData(15, "10-19"), InlineData(26, "20-29"), InlineData(35, "30-39"), InlineData(44, "40+")]
    public async Task ClassifySeries_Steps_GivesTheirClass(double homeRuns, string label)
    {
        double[][] steps = [.. Enumerable.Range(0, 6).Select(_ => TinyClassifiers.Season(homeRuns))];
        var answer = await _host.Predictions.ClassifySeriesAsync(null, steps, Cancellation);
        Assert.Equal((label, 6), (answer.Result.Label, answer.Tokens));
        Assert.Equal(answer.Result.Score, answer.Result.Scores.Max(score => score.Value));
        Assert.Equal(1, answer.Result.Scores.Sum(score => score.Value), 1e-6);
    }

    [Fact]
    public async Task ClassifySeries_LargestNumbers_GivesProbabilities()
    {
        double[] season = [.. Enumerable.Repeat(-1e12, 15)];
        Assert.Equal(1, (await _host.Predictions.ClassifySeriesAsync(null, [season], Cancellation)).Result.Scores.Sum(score => score.Value), 1e-6);
    }

    [Fact]
    public async Task ClassifySeries_StepsThatCannotBeRead_NamesTheField()
    {
        double[] good = TinyClassifiers.Season(3);
        Assert.Equal("steps: has 0 steps, expected 1 to 10, oldest first, each of 15 numbers: Age, G, PA, AB, R, H, 2B, 3B, HR, RBI, SB, BB, SO, OPS, TB", await WrongAsync([]));
        Assert.StartsWith("steps: has 11 steps, expected 1 to 10", await WrongAsync([.. Enumerable.Repeat(good, 11)]), StringComparison.Ordinal);
        Assert.StartsWith("steps[1]: has 14 numbers, expected 15 numbers: Age, G", await WrongAsync([good, good[1..]]), StringComparison.Ordinal);
        Assert.StartsWith("steps[2]: is null, expected 15 numbers: Age, G", await WrongAsync([good, good, null]), StringComparison.Ordinal);
        foreach (double number in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.1e12])
            Assert.StartsWith("steps[0][13]: is ", await WrongAsync([[.. good[..13], number, 1]]), StringComparison.Ordinal);
        Assert.Equal("steps[0][13]: is NaN, expected OPS, a number of at most 1000000000000 either side of 0", await WrongAsync([[.. good[..13], double.NaN, 1]]));

        async Task<string> WrongAsync(double[]?[] steps)
        {
            var failure = await Assert.ThrowsAsync<ServingException>(() => _host.Predictions.ClassifySeriesAsync(null, steps, Cancellation));
            Assert.Equal(ServingFailure.Invalid, failure.Failure);
            return $"{failure.Field!.Name}: {failure.Field.Wrong}";
        }
    }
}
