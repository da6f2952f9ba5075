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
    readonly FakeModelSource _source = new();
    readonly ModelRegistry _registry;
    readonly ComputeGate _gate = new(concurrency: 1, queueLength: 0);
    readonly ServingMetrics _metrics;
    readonly PredictionService _service;

    public PredictionServiceTests()
    {
        _registry = new ModelRegistry(_source);
        _metrics = new ServingMetrics(_gate, _registry);
        _service = new PredictionService(_registry, _gate, _metrics, new ServingDefaults { NextWord = "words", Generate = "stepped" });
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _tokenizer.Dispose();
        _metrics.Dispose();
        _gate.Dispose();
        _registry.Dispose();
    }

    async Task LoadAsync()
    {
        _source.Set("words", [1]);
        _source.Set("characters", [1]);
        _source.Set("stepped", [4]);
        var characters = TinyModels.Characters("ab \n");
        _source.Models[new("characters", 1)] = FakeModelSource.Language(TinyModels.Random(characters), characters);
        _source.Models[_stepped] = FakeModelSource.Language(TinyModels.Fixed(_tokenizer, new Dictionary<string, float> { ["the"] = 5 }), _tokenizer);
        await _registry.RefreshAsync(Cancellation);
    }

    [Fact]
    public async Task NextWord_NoModelNamed_AsksTheDefault()
    {
        await LoadAsync();
        var answer = await _service.NextWordAsync(null, "the students", null, 2, Cancellation);
        Assert.Equal(new ModelKey("words", 1), answer.Model);
        Assert.Equal(2, answer.Result.Count);
        Assert.Equal(3, answer.Tokens);
    }

    [Fact]
    public async Task NextWord_CharacterModel_SpellsWords()
    {
        await LoadAsync();
        var answer = await _service.NextWordAsync("characters", "ab ", null, 2, Cancellation);
        Assert.Equal(2, answer.Result.Count);
    }

    [Theory, InlineData("我们", null), InlineData("the ", "我")]
    public async Task NextWord_ChineseTextWithoutTheChineseModel_SaysWhichIsMissing(string text, string? prefix)
    {
        await LoadAsync();
        var failure = await Assert.ThrowsAsync<ServingException>(() => _service.NextWordAsync(null, text, prefix, 2, Cancellation));
        Assert.Equal(ServingFailure.UnknownModel, failure.Failure);
        Assert.Contains("'next-word-zh'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_NoModelNamed_AsksTheDefaultAndGivesEverythingBack()
    {
        await LoadAsync();
        _tokenizer.Allow(20);
        var answer = await _service.GenerateAsync(null, "the", new() { MaxTokens = 20, Sampling = _greedy }, Cancellation);
        var pieces = await answer.Pieces.ToListAsync(Cancellation);
        Assert.Equal(_stepped, answer.Model);
        Assert.Equal((20, FinishReason.Length), (pieces[^1].Tokens, pieces[^1].FinishReason));
        Assert.Equal(0, _gate.Running);
        await _registry.UnloadAsync(_stepped).WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task Generate_CallerLeaves_StopsComputingAndGivesEverythingBack()
    {
        await LoadAsync();
        using var caller = new CancellationTokenSource();
        var answer = await _service.GenerateAsync(null, "the", new() { MaxTokens = 1000, Sampling = _greedy }, caller.Token);
        _tokenizer.Allow(3);
        var pieces = answer.Pieces.GetAsyncEnumerator(Cancellation);
        for (int piece = 0; piece < 3; piece++)
            Assert.True(await pieces.MoveNextAsync());
        Assert.Equal(1, _gate.Running);
        await caller.CancelAsync();
        _tokenizer.Allow(997);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await pieces.MoveNextAsync())
            {
            }
        });
        Assert.True(SpinWait.SpinUntil(() => _gate.Running == 0, _patience));
        // The one that was being computed when the caller left, and no more.
        Assert.InRange(_tokenizer.Decoded, 3, 4);
        await _registry.UnloadAsync(_stepped).WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task Generate_AllPlacesTaken_IsRefusedAtOnce()
    {
        await LoadAsync();
        var first = await _service.GenerateAsync(null, "the", new() { MaxTokens = 1, Sampling = _greedy }, Cancellation);
        var refused = await Assert.ThrowsAsync<ServingException>(() => _service.NextWordAsync(null, "the", null, 1, Cancellation));
        Assert.Equal(ServingFailure.Overloaded, refused.Failure);
        await Assert.ThrowsAsync<ServingException>(() => _service.GenerateAsync(null, "the", new(), Cancellation));
        _tokenizer.Allow(1);
        Assert.Equal(2, (await first.Pieces.ToListAsync(Cancellation)).Count);
        await _service.NextWordAsync(null, "the", null, 1, Cancellation);
    }

    [Fact]
    public async Task Generate_OptionOutOfRange_GivesTheModelBack()
    {
        await LoadAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _service.GenerateAsync(null, "the", new() { MaxTokens = 0 }, Cancellation));
        await _registry.UnloadAsync(_stepped).WaitAsync(_patience, Cancellation);
    }
}
