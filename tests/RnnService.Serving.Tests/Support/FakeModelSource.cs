using System.Collections.Concurrent;
using RnnService.Models.LanguageModels;
using RnnService.Models.Packages;
using RnnService.Models.Tests.Decoding;
using RnnService.Models.Text;
using RnnService.Serving.Registry;

namespace RnnService.Serving.Tests.Support;

/// <summary>A repository in memory: tests add and remove versions, hold loads back and make them fail.</summary>
sealed class FakeModelSource : IModelSource
{
    static readonly WordTokenizer _words = TinyModels.Words("the", "students", "opened");
    readonly ConcurrentDictionary<string, CatalogEntry> _catalog = new();

    internal ConcurrentQueue<ModelKey> Loads { get; } = new();

    /// <summary>Versions whose load waits until the test completes the task.</summary>
    internal ConcurrentDictionary<ModelKey, TaskCompletionSource> HeldBack { get; } = new();

    /// <summary>Versions whose load fails with this message.</summary>
    internal ConcurrentDictionary<ModelKey, string> Broken { get; } = new();

    /// <summary>Versions that are not the usual random word model.</summary>
    internal ConcurrentDictionary<ModelKey, ModelPackage> Models { get; } = new();

    internal static LanguageModelPackage Language(LanguageModel model, ITokenizer tokenizer) => new(new ModelManifest(), tokenizer, model);

    internal void Set(string name, int[] versions, params (string Alias, int Version)[] aliases) =>
        _catalog[name] = new CatalogEntry(versions, aliases.ToDictionary(pair => pair.Alias, pair => pair.Version));

    internal void Remove(string name) => _catalog.TryRemove(name, out _);

    public IReadOnlyDictionary<string, CatalogEntry> ReadCatalog() => new Dictionary<string, CatalogEntry>(_catalog);

    public LoadedModel Load(ModelKey key)
    {
        Loads.Enqueue(key);
        if (HeldBack.TryGetValue(key, out var held))
            held.Task.Wait();
        if (Broken.TryGetValue(key, out string? error))
            throw new InvalidOperationException(error);
        return new LoadedModel(key, Models.TryGetValue(key, out var own) ? own : Language(TinyModels.Random(_words, key.Version), _words));
    }
}
