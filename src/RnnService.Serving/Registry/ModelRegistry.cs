using System.Globalization;
using RnnService.Models.Packages;

namespace RnnService.Serving.Registry;

/// <summary>
/// The models in memory. A refresh compares the repository with memory: versions that a bare name or an alias means are loaded side by
/// side, versions nobody means any more are unloaded once their last user has finished. Until a new version is ready, the bare name
/// goes on meaning the one that served before; where a version cannot be loaded and none served before it, as after a restart, an older one
/// stands in. Safe to use from any thread.
/// </summary>
/// <param name="source">where models come from</param>
/// <param name="first">names of models that are loaded before others, in this order; null for none</param>
public sealed class ModelRegistry(IModelSource source, IReadOnlyList<string>? first = null) : IDisposable
{
    readonly Lock _lock = new();
    readonly SemaphoreSlim _refreshing = new(1);
    readonly SemaphoreSlim _loading = new(Math.Max(2, Environment.ProcessorCount));
    readonly Dictionary<ModelKey, ModelSlot> _slots = [];
    readonly Dictionary<string, int> _served = new(StringComparer.Ordinal);
    readonly HashSet<ModelKey> _loadedByRequest = [];
    readonly HashSet<ModelKey> _unloadedByRequest = [];
    IReadOnlyDictionary<string, CatalogEntry> _catalog = new Dictionary<string, CatalogEntry>();

    /// <summary>Tells of a version's new state; the text is the error in state Failed.</summary>
    public event Action<ModelKey, ModelState, string?>? StateChanged;

    /// <summary>Whether the first refresh has ended: every model is loaded or known to be broken.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Models whose aliases could not be read at the last refresh, and why.</summary>
    public IReadOnlyDictionary<string, string> AliasErrors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Number of versions in memory.</summary>
    public int ReadyCount
    {
        get
        {
            lock (_lock)
                return _slots.Values.Count(slot => slot.State == ModelState.Ready);
        }
    }

    /// <summary>The state of a version and, where it failed, the reason.</summary>
    public (ModelState State, string? Error) StateOf(ModelKey key)
    {
        lock (_lock)
            return _slots.TryGetValue(key, out var slot) ? (slot.State, slot.Error) : (ModelState.Unloaded, null);
    }

    /// <summary>The versions in memory that answer requests of a kind, by name and version.</summary>
    public IReadOnlyList<LoadedModel> ModelsOf<TCapability>()
        where TCapability : class
    {
        lock (_lock)
            return [.. _slots.Values.Where(slot => slot.State == ModelState.Ready).Select(slot => slot.Model!).Where(model => model.Can<TCapability>())
                .OrderBy(model => model.Key.Name, StringComparer.Ordinal).ThenBy(model => model.Key.Version)];
    }

    /// <summary>Brings memory in line with the repository; ends when all loading has ended; unloading goes on.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var catalog = source.ReadCatalog();
            AliasErrors = catalog.Where(model => model.Value.AliasError is not null).ToDictionary(model => model.Key, model => model.Value.AliasError!);
            ModelKey[] missing;
            lock (_lock)
            {
                _catalog = catalog.ToDictionary(model => model.Key, model => Remembered(model.Key, model.Value), StringComparer.Ordinal);
                missing = [.. Wanted().Where(key => SlotOf(key).State is ModelState.Unloaded or ModelState.Loading).OrderBy(Turn)];
            }
            await Task.WhenAll(missing.Select(LoadSlotAsync)).ConfigureAwait(false);
            foreach (var (name, entry) in _catalog)
            {
                while (NextStandIn(name, entry) is { } older)
                    await LoadSlotAsync(older).ConfigureAwait(false);
            }
            UnloadUnwanted();
            IsReady = true;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Takes a model into use: <c>name</c>, <c>name@3</c> or <c>name@alias</c>.</summary>
    /// <exception cref="ServingException">there is no such model, or it is not in memory</exception>
    public ModelLease Acquire(string reference)
    {
        lock (_lock)
        {
            var key = Resolve(reference);
            if (!_slots.TryGetValue(key, out var slot) || slot.State != ModelState.Ready)
                throw NotReady(key, slot);
            return new ModelLease(slot.Use(), () => Release(slot));
        }
    }

    /// <summary>Loads a version and keeps it in memory until it is unloaded; nothing happens where it is loaded already.</summary>
    /// <exception cref="ServingException">there is no such version, or its files cannot be loaded</exception>
    public Task LoadAsync(ModelKey key)
    {
        lock (_lock)
        {
            RequireKnown(key);
            _loadedByRequest.Add(key);
        }
        return PrepareAsync(key);
    }

    /// <summary>Loads a version that an alias is about to point to; without the alias the next refresh unloads it.</summary>
    /// <exception cref="ServingException">there is no such version, or its files cannot be loaded</exception>
    public async Task PrepareAsync(ModelKey key)
    {
        lock (_lock)
        {
            RequireKnown(key);
            _unloadedByRequest.Remove(key);
        }
        await LoadSlotAsync(key).ConfigureAwait(false);
        if (StateOf(key) is { State: ModelState.Failed, Error: var error })
            throw new ServingException(ServingFailure.LoadFailed, $"The model '{key}' cannot be loaded: {error}");
    }

    /// <summary>Takes a version out of memory, after its last user, until it is loaded again; nothing happens where it is unloaded already.</summary>
    /// <exception cref="ServingException">there is no such version</exception>
    public async Task UnloadAsync(ModelKey key)
    {
        Task loading;
        lock (_lock)
        {
            RequireKnown(key);
            _loadedByRequest.Remove(key);
            _unloadedByRequest.Add(key);
            if (_served.TryGetValue(key.Name, out int version) && version == key.Version)
                _served.Remove(key.Name);
            loading = SlotOf(key).Loading;
        }
        await loading.ConfigureAwait(false);
        await UnloadSlot(key).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _refreshing.Dispose();
        _loading.Dispose();
    }

    /// <summary>The entry, with the aliases of the last time they could be read where they cannot be read now.</summary>
    CatalogEntry Remembered(string name, CatalogEntry entry) =>
        entry.AliasError is not null && _catalog.TryGetValue(name, out var before) && before.AliasError is null
            ? entry with { Aliases = before.Aliases, AliasError = null }
            : entry;

    ModelKey Resolve(string reference)
    {
        int at = reference.IndexOf('@');
        string name = at < 0 ? reference : reference[..at];
        if (!_catalog.TryGetValue(name, out var entry))
        {
            throw IsReady
                ? new ServingException(ServingFailure.UnknownModel, $"There is no model '{name}'; there are: {Listed(_catalog.Keys)}.")
                : new ServingException(ServingFailure.Loading, "The models are being loaded; try again in a moment.");
        }
        string selector = at < 0 ? "" : reference[(at + 1)..];
        if (int.TryParse(selector, NumberStyles.None, CultureInfo.InvariantCulture, out int version) && entry.Versions.Contains(version))
            return new ModelKey(name, version);
        if (entry.AliasError is { } broken)
            throw new ServingException(ServingFailure.LoadFailed,
                $"Which version of '{name}' is meant is not known: {broken} Name one: {Listed(entry.Versions.Select(known => $"{name}@{known}"))}.");
        if (at < 0)
            return new ModelKey(name, Served(name, entry));
        if (entry.Aliases.TryGetValue(selector, out version))
        {
            return entry.Versions.Contains(version)
                ? new ModelKey(name, version)
                : throw new ServingException(ServingFailure.UnknownModel,
                    $"The alias '{selector}' of the model '{name}' points to version {version}, which is gone; there are versions {Listed(entry.Versions)}.");
        }
        if (selector == ModelReference.LatestAlias)
            return new ModelKey(name, entry.Versions[^1]);
        throw new ServingException(ServingFailure.UnknownModel,
            $"The model '{name}' has no version or alias '{selector}'; there are versions {Listed(entry.Versions)} and aliases {Listed(entry.Aliases.Keys)}.");
    }

    /// <summary>The preferred version, or, while that is not in memory, the one that served before it.</summary>
    int Served(string name, CatalogEntry entry)
    {
        bool preferredIsReady = IsReadyToServe(new(name, entry.Preferred));
        if (preferredIsReady)
            _served[name] = entry.Preferred;
        return !preferredIsReady && _served.TryGetValue(name, out int before) && entry.Versions.Contains(before) ? before : entry.Preferred;
    }

    /// <summary>
    /// The next older version to try where the preferred one cannot be loaded and nothing serves in its place; null when there is no more to
    /// do. Newer versions than the preferred one never stand in: nobody has put them into production.
    /// </summary>
    ModelKey? NextStandIn(string name, CatalogEntry entry)
    {
        lock (_lock)
        {
            if (SlotOf(new(name, entry.Preferred)).State != ModelState.Failed || IsReadyToServe(new(name, Served(name, entry))))
                return null;
            foreach (int version in entry.Versions.Reverse().SkipWhile(version => version >= entry.Preferred))
            {
                var older = new ModelKey(name, version);
                if (_unloadedByRequest.Contains(older))
                    return null;
                if (IsReadyToServe(older))
                {
                    _served[name] = version;
                    return null;
                }
                if (SlotOf(older).State != ModelState.Failed)
                    return older;
            }
            return null;
        }
    }

    bool IsReadyToServe(ModelKey key) => _slots.TryGetValue(key, out var slot) && slot.State == ModelState.Ready;

    static ServingException NotReady(ModelKey key, ModelSlot? slot) => slot?.State switch
    {
        ModelState.Loading => new(ServingFailure.Loading, $"The model '{key}' is being loaded; try again in a moment."),
        ModelState.Failed => new(ServingFailure.LoadFailed, $"The model '{key}' cannot be loaded: {slot.Error}"),
        _ => new(ServingFailure.NotLoaded, $"The model '{key}' is not loaded; POST /api/v1/models/{key.Name}/versions/{key.Version}/load loads it."),
    };

    /// <summary>Every version that should be in memory.</summary>
    HashSet<ModelKey> Wanted()
    {
        var wanted = new HashSet<ModelKey>(_loadedByRequest);
        foreach (var (name, entry) in _catalog)
        {
            wanted.Add(new ModelKey(name, entry.Preferred));
            wanted.UnionWith(entry.Aliases.Values.Select(version => new ModelKey(name, version)));
        }
        wanted.ExceptWith(_unloadedByRequest);
        wanted.RemoveWhere(key => !IsKnown(key));
        return wanted;
    }

    void UnloadUnwanted()
    {
        ModelKey[] unwanted;
        lock (_lock)
        {
            var keep = Wanted();
            foreach (var (name, entry) in _catalog)
                keep.Add(new ModelKey(name, Served(name, entry)));
            _loadedByRequest.RemoveWhere(key => !IsKnown(key));
            _unloadedByRequest.RemoveWhere(key => !IsKnown(key));
            unwanted = [.. _slots.Where(slot => slot.Value.State == ModelState.Ready && !keep.Contains(slot.Key)).Select(slot => slot.Key)];
        }
        foreach (var key in unwanted)
            _ = UnloadSlot(key);
    }

    Task LoadSlotAsync(ModelKey key)
    {
        ModelSlot slot;
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            slot = SlotOf(key);
            if (slot.State is ModelState.Ready or ModelState.Loading)
                return slot.Loading;
            if (slot.State == ModelState.Unloading)
                _slots[key] = slot = new ModelSlot(); // the last users of the old one finish on their own
            slot.BeginLoading(ended.Task);
        }
        StateChanged?.Invoke(key, ModelState.Loading, null);
        _ = LoadInTurnAsync(key, slot, ended);
        return ended.Task;
    }

    // In the order they were asked for and on threads of their own: the models people ask first do not share the processors with all
    // others, and requests do not wait behind loads.
    async Task LoadInTurnAsync(ModelKey key, ModelSlot slot, TaskCompletionSource ended)
    {
        await _loading.WaitAsync().ConfigureAwait(false);
        await Task.Factory.StartNew(() => Load(key, slot), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        ended.SetResult();
        _loading.Release();
    }

    int Turn(ModelKey key)
    {
        for (int turn = 0; turn < first?.Count; turn++)
        {
            if (first[turn] == key.Name)
                return turn;
        }
        return int.MaxValue;
    }

    void Load(ModelKey key, ModelSlot slot)
    {
        string? error = null;
        try
        {
            var model = source.Load(key);
            lock (_lock)
                slot.EndLoading(model);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with one version must not stop the others: it becomes that version's state.
            error = exception.Message;
            lock (_lock)
                slot.FailLoading(error);
        }
        StateChanged?.Invoke(key, error is null ? ModelState.Ready : ModelState.Failed, error);
    }

    async Task UnloadSlot(ModelKey key)
    {
        Task unloaded;
        lock (_lock)
        {
            if (SlotOf(key).State == ModelState.Unloaded)
                return;
            unloaded = SlotOf(key).Unload();
        }
        await unloaded.ConfigureAwait(false);
        StateChanged?.Invoke(key, ModelState.Unloaded, null);
    }

    void Release(ModelSlot slot)
    {
        lock (_lock)
            slot.Release();
    }

    ModelSlot SlotOf(ModelKey key)
    {
        if (!_slots.TryGetValue(key, out var slot))
            _slots.Add(key, slot = new ModelSlot());
        return slot;
    }

    bool IsKnown(ModelKey key) => _catalog.TryGetValue(key.Name, out var entry) && entry.Versions.Contains(key.Version);

    void RequireKnown(ModelKey key)
    {
        if (!IsKnown(key))
            Resolve($"{key.Name}@{key.Version}");
    }

    static string Listed<T>(IEnumerable<T> items) => string.Join(", ", items) is { Length: > 0 } list ? list : "none";
}
