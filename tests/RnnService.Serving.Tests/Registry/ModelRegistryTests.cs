using RnnService.Models.Decoding;
using RnnService.Serving.Registry;
using RnnService.Serving.Tests.Support;

namespace RnnService.Serving.Tests.Registry;

public sealed class ModelRegistryTests : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    readonly FakeModelSource _source = new();
    readonly ModelRegistry _registry;

    public ModelRegistryTests() => _registry = new ModelRegistry(_source);

    public void Dispose() => _registry.Dispose();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    Task RefreshAsync() => _registry.RefreshAsync(Cancellation).WaitAsync(_patience, Cancellation);

    int VersionOf(string reference)
    {
        using var lease = _registry.Acquire(reference);
        return lease.Model.Key.Version;
    }

    ServingFailure FailureOf(string reference) => Assert.Throws<ServingException>(() => _registry.Acquire(reference)).Failure;

    [Fact]
    public async Task Acquire_BareName_MeansProductionOrTheHighestVersion()
    {
        _source.Set("a", [1, 2, 3], ("production", 2));
        _source.Set("b", [1, 2, 3]);
        await RefreshAsync();
        Assert.Equal((2, 3), (VersionOf("a"), VersionOf("b")));
    }

    [Fact]
    public async Task Acquire_VersionOrAlias_MeansThatVersion()
    {
        _source.Set("a", [1, 2, 3], ("canary", 1));
        await RefreshAsync();
        Assert.Equal((1, 1, 3), (VersionOf("a@1"), VersionOf("a@canary"), VersionOf("a@3")));
        Assert.Equal(ServingFailure.NotLoaded, FailureOf("a@2"));
    }

    [Theory, InlineData("b"), InlineData("a@9"), InlineData("a@nobody"), InlineData("a@"), InlineData(""), InlineData("a@1@1"), InlineData("a@-1")]
    public async Task Acquire_UnknownReference_IsUnknown(string reference)
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        Assert.Equal(ServingFailure.UnknownModel, FailureOf(reference));
    }

    [Fact]
    public void Acquire_BeforeTheFirstRefresh_IsLoading()
    {
        Assert.False(_registry.IsReady);
        Assert.Equal(ServingFailure.Loading, FailureOf("a"));
    }

    [Fact]
    public async Task Refresh_ModelsToLoadFirst_BeginBeforeOthers()
    {
        using var registry = new ModelRegistry(_source, first: ["d", "b", "missing"]);
        foreach (string name in (string[])["a", "b", "c", "d"])
            _source.Set(name, [1]);
        List<string> begun = [];
        registry.StateChanged += (key, state, _) =>
        {
            if (state == ModelState.Loading)
                begun.Add(key.Name);
        };
        await registry.RefreshAsync(Cancellation);
        Assert.Equal(["d", "b"], begun[..2]);
        Assert.Equal(["a", "c"], begun[2..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Refresh_ManyModels_LoadsThemSideBySide()
    {
        _source.Set("a", [1]);
        _source.Set("b", [1]);
        ModelKey a = new("a", 1), b = new("b", 1);
        _source.HeldBack[a] = new();
        _source.HeldBack[b] = new();
        var refresh = RefreshAsync();
        Assert.True(SpinWait.SpinUntil(() => _source.Loads.Count == 2, _patience), "both loads begin before one of them ends");
        Assert.Equal(ServingFailure.Loading, FailureOf("a"));
        _source.HeldBack[a].SetResult();
        _source.HeldBack[b].SetResult();
        await refresh;
        Assert.True(_registry.IsReady);
        Assert.Equal(2, _registry.ReadyCount);
    }

    [Fact]
    public async Task Refresh_BrokenVersion_FailsAloneAndSaysWhy()
    {
        _source.Set("a", [1]);
        _source.Set("b", [1]);
        _source.Broken[new("a", 1)] = "model.safetensors: truncated";
        await RefreshAsync();
        Assert.True(_registry.IsReady);
        Assert.Equal(1, VersionOf("b"));
        var failure = Assert.Throws<ServingException>(() => _registry.Acquire("a"));
        Assert.Equal(ServingFailure.LoadFailed, failure.Failure);
        Assert.Contains("truncated", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_NewVersion_TakesOverOnlyWhenItIsReady()
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        Assert.Equal(1, VersionOf("a"));
        ModelKey second = new("a", 2);
        _source.HeldBack[second] = new();
        _source.Set("a", [1, 2]);
        var refresh = RefreshAsync();
        Assert.True(SpinWait.SpinUntil(() => _source.Loads.Contains(second), _patience));
        Assert.Equal(1, VersionOf("a"));
        _source.HeldBack[second].SetResult();
        await refresh;
        Assert.Equal(2, VersionOf("a"));
        Assert.Equal(ModelState.Unloaded, _registry.StateOf(new("a", 1)).State);
    }

    [Fact]
    public async Task Refresh_NewVersionIsBroken_TheOldOneGoesOn()
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        Assert.Equal(1, VersionOf("a"));
        _source.Broken[new("a", 2)] = "bad";
        _source.Set("a", [1, 2]);
        await RefreshAsync();
        await RefreshAsync();
        Assert.Equal(1, VersionOf("a"));
        Assert.Equal(2, _source.Loads.Count);
    }

    [Fact]
    public async Task Refresh_VersionIsBrokenFromTheStart_TheHighestOlderOneThatLoadsStandsIn()
    {
        _source.Set("a", [1, 2, 3, 4]);
        _source.Broken[new("a", 4)] = _source.Broken[new("a", 3)] = "bad";
        await RefreshAsync();
        await RefreshAsync();
        Assert.Equal(2, VersionOf("a"));
        Assert.Equal(ServingFailure.LoadFailed, FailureOf("a@4"));
        Assert.Equal(ModelState.Unloaded, _registry.StateOf(new("a", 1)).State);
        Assert.Equal([new("a", 4), new("a", 3), new("a", 2)], _source.Loads);
    }

    [Fact]
    public async Task Refresh_ProductionIsBrokenFromTheStart_NoNewerVersionStandsIn()
    {
        _source.Set("a", [1, 2, 3], ("production", 2));
        _source.Broken[new("a", 2)] = "bad";
        await RefreshAsync();
        Assert.Equal(1, VersionOf("a"));
        Assert.Equal(ModelState.Unloaded, _registry.StateOf(new("a", 3)).State);
    }

    [Fact]
    public async Task Refresh_BrokenVersionIsMended_TakesOverFromTheOneThatStoodIn()
    {
        _source.Set("a", [1, 2]);
        _source.Broken[new("a", 2)] = "bad";
        await RefreshAsync();
        _source.Broken.Clear();
        await _registry.LoadAsync(new("a", 2));
        await RefreshAsync();
        Assert.Equal(2, VersionOf("a"));
        Assert.Equal(ModelState.Unloaded, _registry.StateOf(new("a", 1)).State);
    }

    [Fact]
    public async Task Unload_VersionThatStandsIn_NoOtherTakesItsPlace()
    {
        _source.Set("a", [1, 2, 3]);
        _source.Broken[new("a", 3)] = "bad";
        await RefreshAsync();
        await _registry.UnloadAsync(new("a", 2));
        await RefreshAsync();
        Assert.Equal(ServingFailure.LoadFailed, FailureOf("a"));
        Assert.Equal(0, _registry.ReadyCount);
    }

    [Fact]
    public async Task Refresh_AliasMoves_LoadsTheNewAndUnloadsTheOld()
    {
        _source.Set("a", [1, 2], ("production", 1));
        await RefreshAsync();
        _source.Set("a", [1, 2], ("production", 2));
        await RefreshAsync();
        Assert.Equal(2, VersionOf("a"));
        Assert.Equal(ModelState.Unloaded, _registry.StateOf(new("a", 1)).State);
    }

    [Fact]
    public async Task Refresh_RemovedModel_IsUnknownAndLeavesMemory()
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        _source.Remove("a");
        await RefreshAsync();
        Assert.Equal(ServingFailure.UnknownModel, FailureOf("a"));
        Assert.Equal(0, _registry.ReadyCount);
    }

    [Fact]
    public async Task Unload_ModelInUse_WaitsForTheLastUser()
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        ModelKey key = new("a", 1);
        var first = _registry.Acquire("a");
        var second = _registry.Acquire("a");
        var unload = _registry.UnloadAsync(key);
        Assert.Equal(ModelState.Unloading, _registry.StateOf(key).State);
        Assert.Equal(ServingFailure.NotLoaded, FailureOf("a"));
        first.Dispose();
        first.Dispose();
        Assert.False(unload.IsCompleted);
        second.Dispose();
        await unload.WaitAsync(_patience, Cancellation);
        Assert.Equal(ModelState.Unloaded, _registry.StateOf(key).State);
    }

    [Fact]
    public async Task Load_WhileTheLastUsersFinish_ServesAgainAtOnce()
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        var lease = _registry.Acquire("a");
        var unload = _registry.UnloadAsync(new("a", 1));
        await _registry.LoadAsync(new("a", 1)).WaitAsync(_patience, Cancellation);
        Assert.Equal(1, VersionOf("a"));
        Assert.False(unload.IsCompleted);
        lease.Dispose();
        await unload.WaitAsync(_patience, Cancellation);
        Assert.Equal(1, VersionOf("a"));
    }

    [Fact]
    public async Task Unload_ByRequest_StaysAcrossRefreshesUntilLoaded()
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        ModelKey key = new("a", 1);
        await _registry.UnloadAsync(key);
        await _registry.UnloadAsync(key);
        await RefreshAsync();
        Assert.Equal(ServingFailure.NotLoaded, FailureOf("a"));
        await _registry.LoadAsync(key);
        await _registry.LoadAsync(key);
        Assert.Equal(1, VersionOf("a"));
        Assert.Equal(2, _source.Loads.Count);
    }

    [Fact]
    public async Task Load_ByRequest_StaysAcrossRefreshes()
    {
        _source.Set("a", [1, 2]);
        await RefreshAsync();
        await _registry.LoadAsync(new("a", 1));
        await RefreshAsync();
        Assert.Equal((1, 2), (VersionOf("a@1"), VersionOf("a")));
    }

    [Fact]
    public async Task LoadAndUnload_UnknownVersion_AreRefused()
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        Assert.Equal(ServingFailure.UnknownModel, (await Assert.ThrowsAsync<ServingException>(() => _registry.LoadAsync(new("a", 2)))).Failure);
        Assert.Equal(ServingFailure.UnknownModel, (await Assert.ThrowsAsync<ServingException>(() => _registry.UnloadAsync(new("b", 1)))).Failure);
    }

    [Fact]
    public async Task Load_BrokenVersion_SaysWhyAndCanBeTriedAgain()
    {
        _source.Set("a", [1]);
        _source.Broken[new("a", 1)] = "bad";
        await RefreshAsync();
        Assert.Equal(ServingFailure.LoadFailed, (await Assert.ThrowsAsync<ServingException>(() => _registry.LoadAsync(new("a", 1)))).Failure);
        _source.Broken.Clear();
        await _registry.LoadAsync(new("a", 1));
        Assert.Equal(1, VersionOf("a"));
    }

    [Fact]
    public async Task Refresh_SwappingUnderLoad_NeverLeavesABareNameUnserved()
    {
        _source.Set("a", [1]);
        await RefreshAsync();
        using var done = new CancellationTokenSource();
        var users = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            int highest = 0;
            while (!done.IsCancellationRequested)
            {
                using var lease = _registry.Acquire("a");
                lease.Model.As<NextWordPredictor>().Predict("the", null, 1, Cancellation);
                Assert.True(lease.Model.Key.Version >= highest, "versions only go up");
                highest = lease.Model.Key.Version;
            }
        }, Cancellation)).ToArray();
        for (int version = 2; version <= 30; version++)
        {
            _source.Set("a", [.. Enumerable.Range(1, version)]);
            await RefreshAsync();
        }
        await done.CancelAsync();
        await Task.WhenAll(users);
        Assert.Equal(30, VersionOf("a"));
        Assert.True(SpinWait.SpinUntil(() => _registry.ReadyCount == 1, _patience), "versions without users leave memory");
    }
}
