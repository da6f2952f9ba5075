using System.Text.Json;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Packages;

/// <summary>
/// Models in folders: <c>ROOT/NAME/VERSION/…</c> and <c>ROOT/NAME/aliases.json</c>. What ships with the product is only read; all changes
/// go to the writable root. A name in both is one model, its versions united; where both hold the same version or an <c>aliases.json</c>,
/// the writable one counts. Safe to use from several threads and processes.
/// </summary>
/// <param name="shippedRoot">models that ship with the product, or null; need not exist</param>
/// <param name="writableRoot">where versions are published; made when needed</param>
public sealed class ModelRepository(string? shippedRoot, string writableRoot)
{
    /// <summary>The file of a model's aliases, beside its versions.</summary>
    public const string AliasesFile = "aliases.json";

    /// <summary>The names of all models with a version, in ordinal order.</summary>
    public IReadOnlyList<string> Names() => [.. Roots()
        .SelectMany(root => FoldersIn(root.Folder))
        .Where(name => ModelReference.IsName(name) && Versions(name).Count > 0)
        .Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The versions of a model, lowest first; empty where there is no such model.</summary>
    public IReadOnlyList<ModelVersion> Versions(string name)
    {
        var versions = new SortedDictionary<int, ModelVersion>();
        if (ModelReference.IsName(name))
            foreach (var (root, isShipped) in Roots())
                foreach (string folder in FoldersIn(Path.Combine(root, name)))
                {
                    string path = Path.Combine(root, name, folder);
                    if (ModelReference.ParseVersion(folder) is { } version && File.Exists(Path.Combine(path, ModelFiles.Manifest)))
                        versions[version] = new ModelVersion(name, version, path, isShipped);
                }
        return [.. versions.Values];
    }

    /// <exception cref="ModelNotFoundException">no model has this name; the message lists those there are</exception>
    public void RequireModel(string name)
    {
        if (Versions(name).Count == 0)
            throw NoModel(name);
    }

    /// <summary>Whether there is a model of this name, or was one before its versions were deleted.</summary>
    public bool Knows(string name) => ModelReference.IsName(name) && Roots().Any(root => Directory.Exists(Path.Combine(root.Folder, name)));

    /// <summary>The aliases of a model and the versions they point to, in ordinal order.</summary>
    /// <exception cref="CheckpointException">an <c>aliases.json</c> is broken</exception>
    public IReadOnlyDictionary<string, int> Aliases(string name)
    {
        var aliases = new SortedDictionary<string, int>(StringComparer.Ordinal);
        if (!ModelReference.IsName(name))
            return aliases;
        string? file = Roots().Reverse().Select(root => Path.Combine(root.Folder, name, AliasesFile)).FirstOrDefault(File.Exists);
        if (file is not null)
            foreach (var (alias, version) in JsonField.Open(file).Fields())
                aliases[alias] = version.AsInteger(least: 1);
        return aliases;
    }

    /// <summary>The version a request means; a bare name means alias <c>production</c> if set, else the highest version.</summary>
    /// <param name="reference"><c>name</c>, <c>name@3</c> or <c>name@alias</c></param>
    /// <exception cref="ModelNotFoundException">there is none; the message lists those there are</exception>
    public ModelVersion Resolve(string reference)
    {
        var (name, asked, alias) = ModelReference.Parse(reference);
        var versions = Versions(name);
        if (versions.Count == 0)
            throw NoModel(name);
        if (asked is null)
        {
            var aliases = Aliases(name);
            if (aliases.TryGetValue(alias ?? ModelReference.ProductionAlias, out int pointed))
                asked = pointed;
            else if (alias is null or ModelReference.LatestAlias)
                return versions[^1];
            else
                throw new ModelNotFoundException($"Model '{name}' has no alias '{alias}'; there are: {Listed(aliases.Keys)}.");
        }
        return versions.FirstOrDefault(version => version.Version == asked)
            ?? throw new ModelNotFoundException(
                $"Model '{name}' has no version {asked}; there are: {Listed(versions.Select(version => version.Version))}.");
    }

    /// <summary>Adds the next version: it appears whole, once <paramref name="writeFiles"/> has written all its files, or not at all.</summary>
    /// <param name="name">the model, new or not</param>
    /// <param name="writeFiles">writes the files into the folder it is given</param>
    /// <exception cref="ArgumentException">no model can have this name</exception>
    public ModelVersion Publish(string name, Action<string> writeFiles)
    {
        if (!ModelReference.IsName(name))
            throw new ArgumentException($"name: found '{name}', expected lower-case letters, digits and hyphens, at most 64.", nameof(name));
        string folder = Path.Combine(writableRoot, name);
        using var change = Lock(name);
        AtomicFiles.DeleteLeftovers(folder);
        int version = Versions(name).Select(earlier => earlier.Version).LastOrDefault() + 1;
        string path = Path.Combine(folder, $"{version}");
        AtomicFiles.CreateFolder(path, writeFiles);
        return new ModelVersion(name, version, path, IsShipped: false);
    }

    /// <summary>Points an alias to a version.</summary>
    /// <exception cref="ArgumentException">no alias can have this name</exception>
    /// <exception cref="ModelNotFoundException">there is no such model or version</exception>
    public void SetAlias(string name, string alias, int version)
    {
        if (!ModelReference.IsAlias(alias))
            throw new ArgumentException(
                $"alias: found '{alias}', expected lower-case letters, digits and hyphens, a letter first, at most 64.", nameof(alias));
        Resolve($"{name}@{version}");
        using var change = Lock(name);
        Resolve($"{name}@{version}");   // it may have been deleted before the lock was taken
        WriteAliases(name, new SortedDictionary<string, int>(Aliases(name).ToDictionary(), StringComparer.Ordinal) { [alias] = version });
    }

    /// <summary>Removes an alias; does nothing where there is none.</summary>
    /// <exception cref="ModelNotFoundException">there is no such model</exception>
    public void RemoveAlias(string name, string alias)
    {
        RequireModel(name);
        using var change = Lock(name);
        var aliases = new SortedDictionary<string, int>(Aliases(name).ToDictionary(), StringComparer.Ordinal);
        if (aliases.Remove(alias))
            WriteAliases(name, aliases);
    }

    /// <summary>Deletes a version.</summary>
    /// <exception cref="ModelNotFoundException">there is no such model or version</exception>
    /// <exception cref="ModelConflictException">it ships with the product, or an alias points to it</exception>
    public void DeleteVersion(string name, int version)
    {
        RequireModel(name);
        using var change = Lock(name);
        var found = Resolve($"{name}@{version}");
        if (found.IsShipped)
            throw new ModelConflictException($"{found} ships with the product and cannot be deleted.");
        if (Aliases(name).FirstOrDefault(alias => alias.Value == version).Key is { } pointing)
            throw new ModelConflictException($"{found} cannot be deleted while alias '{pointing}' points to it; move or remove the alias first.");
        AtomicFiles.DeleteFolder(found.Folder);
    }

    ModelNotFoundException NoModel(string name) => new($"No model is called '{name}'; there are: {Listed(Names())}.");

    void WriteAliases(string name, SortedDictionary<string, int> aliases) => AtomicFiles.Replace(
        Path.Combine(writableRoot, name, AliasesFile),
        stream => JsonSerializer.Serialize(stream, aliases, ModelJson.Readable.SortedDictionaryStringInt32));

    FolderLock Lock(string name)
    {
        string folder = Path.Combine(writableRoot, name);
        Directory.CreateDirectory(folder);
        return new FolderLock(folder);
    }

    // Shipped first: what comes later wins.
    IEnumerable<(string Folder, bool IsShipped)> Roots()
    {
        if (shippedRoot is not null)
            yield return (shippedRoot, true);
        yield return (writableRoot, false);
    }

    static IEnumerable<string> FoldersIn(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)) : [];

    static string Listed<T>(IEnumerable<T> items) => string.Join(", ", items) is { Length: > 0 } list ? list : "none";
}
