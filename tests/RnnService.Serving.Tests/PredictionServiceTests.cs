using RnnService.Models.Decoding;
using RnnService.Models.Tests.Decoding;
using RnnService.Serving.Registry;
using RnnService.Serving.Tests.Support;

namespace RnnService.Serving.Tests;

public sealed class PredictionServiceTests : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    static readonly ModelKey _stepped = new("stepped", 4);
    static readonly SamplingOptions _greedy = new() { Temperature = 0 };
    readonly SteppedTokenizer _tokenizer = new(TinyModels.Words("the", "students"));
    readonly ServingHost _host = new(new() { NextWord = "words", Generate = "stepped" }, concurrency: 1);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _tokenizer.Dispose();
        _host.Dispose();
    }

    async Task LoadAsync()
    {
        _host.Source.Set("words", [1]);
        var characters = TinyModels.Characters("ab \n");
        _host.Add("characters", FakeModelSource.Language(TinyModels.Random(characters), characters));
        _host.Add(_stepped.Name, FakeModelSource.Language(TinyModels.Fixed(_tokenizer, new Dictionary<string, float> { ["the"] = 5 }), _tokenizer), _stepped.Version);
        await _host.Registry.RefreshAsync(Cancellation);
    }

    [Fact]
    public async Task NextWord_NoModelNamed_AsksTheDefault()
    {
        await LoadAsync();
        var answer = await _host.Predictions.NextWordAsync(null, "the students", null, 2, Cancellation);
        Assert.Equal(new ModelKey("words", 1), answer.Model);
        Assert.Equal(2, answer.Result.Count);
        Assert.Equal(3, answer.Tokens);
    }

    [Fact]
    public async Task NextWord_CharacterModel_SpellsWords()
    {
        await LoadAsync();
        var answer = await _host.Predictions.NextWordAsync("characters", "ab ", null, 2, Cancellation);
        Assert.Equal(2, answer.Result.Count);
    }

    [Theory, InlineData("我们", null), InlineData("the ", "我")]
    public async Task NextWord_ChineseTextWithoutTheChineseModel_SaysWhichIsMissing(string text, string? prefix)
    {
        await LoadAsync();
        var failure = await Assert.ThrowsAsync<ServingException>(() => _host.Predictions.NextWordAsync(null, text, prefix, 2, Cancellation));
        Assert.Equal(ServingFailure.UnknownModel, failure.Failure);
        Assert.Contains("'next-word-zh'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_NoModelNamed_AsksTheDefaultAndGivesEverythingBack()
    {
        await LoadAsync();
        _tokenizer.Allow(20);
        var answer = await _host.Predictions.GenerateAsync(null, "the", new() { MaxTokens = 20, Sampling = _greedy }, Cancellation);
        var pieces = await answer.Pieces.ToListAsync(Cancellation);
        Assert.Equal(_stepped, answer.Model);
        Assert.Equal((20, FinishReason.Length), (pieces[^1].Tokens, pieces[^1].FinishReason));
        Assert.Equal(0, _host.Gate.Running);
        await _host.Registry.UnloadAsync(_stepped).WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task Generate_CallerLeaves_StopsComputingAndGivesEverythingBack()
    {
        await LoadAsync();
        using var caller = new CancellationTokenSource();
        var answer = await _host.Predictions.GenerateAsync(null, "the", new() { MaxTokens = 1000, Sampling = _greedy }, caller.Token);
        _tokenizer.Allow(3);
        var pieces = answer.Pieces.GetAsyncEnumerator(Cancellation);
        for (int piece = 0; piece < 3; piece++)
            Assert.True(await pieces.MoveNextAsync());
        Assert.Equal(1, _host.Gate.Running);
        await caller.CancelAsync();
        _tokenizer.Allow(997);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await pieces.MoveNextAsync())
            {
            }
        });
        Assert.True(SpinWait.SpinUntil(() => _host.Gate.Running == 0, _patience));
        // The one that was being computed when the caller left, and no more.
        Assert.InRange(_tokenizer.Decoded, 3, 4);
        await _host.Registry.UnloadAsync(_stepped).WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task Generate_AllPlacesTaken_IsRefusedAtOnce()
    {
        await LoadAsync();
        var first = await _host.Predictions.GenerateAsync(null, "the", new() { MaxTokens = 1, Sampling = _greedy }, Cancellation);
        var refused = await Assert.ThrowsAsync<ServingException>(() => _host.Predictions.NextWordAsync(null, "the", null, 1, Cancellation));
        Assert.Equal(ServingFailure.Overloaded, refused.Failure);
        await Assert.ThrowsAsync<ServingException>(() => _host.Predictions.GenerateAsync(null, "the", new(), Cancellation));
        _tokenizer.Allow(1);
        Assert.Equal(2, (await first.Pieces.ToListAsync(Cancellation)).Count);
        await _host.Predictions.NextWordAsync(null, "the", null, 1, Cancellation);
    }

    [Fact]
    public async Task Generate_OptionOutOfRange_GivesTheModelBack()
    {
        await LoadAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _host.Predictions.GenerateAsync(null, "the", new() { MaxTokens = 0 }, Cancellation));
        await _host.Registry.UnloadAsync(_stepped).WaitAsync(_patience, Cancellation);
    }
}
