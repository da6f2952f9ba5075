using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;
using RnnService.Serving.Registry;

namespace RnnService.Serving;

/// <summary>Shows the models of the repository and changes what is served. Every failure a caller can cause is a <see cref="ServingException"/>.</summary>
public sealed class ModelAdministration(ModelRepository repository, ModelRegistry registry, ServingOptions options)
{
    /// <summary>All models, by name.</summary>
    public IReadOnlyList<ModelDescription> List() => [.. repository.Names().Select(Describe)];

    /// <summary>One model.</summary>
    /// <exception cref="ServingException">there is none of this name</exception>
    public ModelDescription Describe(string name) => Translate(() =>
    {
        repository.RequireModel(name);
        var entry = RepositoryModelSource.Entry(repository, name);
        return new ModelDescription(entry.Versions, entry.Aliases, Describe(new ModelKey(name, entry.Preferred), entry));
    });

    /// <summary>One version.</summary>
    /// <exception cref="ServingException">there is none</exception>
    public VersionDescription Describe(ModelKey key) => Translate(() => Describe(key, RepositoryModelSource.Entry(repository, key.Name)));

    /// <summary>Points an alias to a version once that is in memory, so that nobody waits for it, and gives the model's aliases.</summary>
    /// <exception cref="ServingException">there is no such version, its files cannot be loaded, or no alias can have this name</exception>
    public async Task<IReadOnlyDictionary<string, int>> SetAliasAsync(ModelKey key, string alias)
    {
        if (!ModelReference.IsAlias(alias))
            throw new ServingException(new InvalidField(
                "alias", $"is '{alias}', expected lower-case letters, digits and hyphens, a letter first, at most 64"));
        await registry.RefreshAsync().ConfigureAwait(false);
        await registry.PrepareAsync(key).ConfigureAwait(false);
        Translate(() => repository.SetAlias(key.Name, alias, key.Version));
        await registry.RefreshAsync().ConfigureAwait(false);
        return repository.Aliases(key.Name);
    }

    /// <summary>Removes an alias, if there is one, and gives the model's aliases.</summary>
    /// <exception cref="ServingException">there is no such model</exception>
    public async Task<IReadOnlyDictionary<string, int>> RemoveAliasAsync(string name, string alias)
    {
        Translate(() => repository.RemoveAlias(name, alias));
        await registry.RefreshAsync().ConfigureAwait(false);
        return repository.Aliases(name);
    }

    /// <summary>Loads a version and keeps it in memory.</summary>
    /// <exception cref="ServingException">there is no such version, or its files cannot be loaded</exception>
    public async Task<ModelState> LoadAsync(ModelKey key)
    {
        await registry.RefreshAsync().ConfigureAwait(false);
        await registry.LoadAsync(key).ConfigureAwait(false);
        return registry.StateOf(key).State;
    }

    /// <summary>Takes a version out of memory; its last users may still be finishing when this returns.</summary>
    /// <exception cref="ServingException">there is no such version</exception>
    public async Task<ModelState> UnloadAsync(ModelKey key)
    {
        await registry.RefreshAsync().ConfigureAwait(false);
        var unloading = registry.UnloadAsync(key);
        return unloading.IsFaulted ? throw unloading.Exception.InnerException! : registry.StateOf(key).State;
    }

    /// <summary>Deletes a version; nothing happens where it is gone already.</summary>
    /// <exception cref="ServingException">there never was such a model, the version ships with the product, or an alias points to it</exception>
    public async Task DeleteAsync(ModelKey key)
    {
        Translate(() =>
        {
            if (!repository.Knows(key.Name))
                repository.RequireModel(key.Name);
            if (repository.Versions(key.Name).Any(version => version.Version == key.Version))
                repository.DeleteVersion(key.Name, key.Version);
        });
        await registry.RefreshAsync().ConfigureAwait(false);
    }

    VersionDescription Describe(ModelKey key, CatalogEntry entry)
    {
        var version = repository.Resolve(key.ToString());
        var (state, error) = registry.StateOf(key);
        var manifest = ReadManifest(version, ref error);
        error ??= entry.AliasError;
        string card = Path.Combine(version.Folder, ModelFiles.Card);
        return new VersionDescription(
            key,
            [.. entry.Aliases.Where(alias => alias.Value == key.Version).Select(alias => alias.Key)],
            manifest,
            state,
            ModelCapabilities.WeightTypeOf(manifest?.Task, options.WeightType),
            error,
            new DirectoryInfo(version.Folder).EnumerateFiles().Sum(file => file.Length),
            File.Exists(card) ? File.ReadAllText(card) : null);
    }

    static ModelManifest? ReadManifest(ModelVersion version, ref string? error)
    {
        try
        {
            return version.ReadManifest();
        }
        catch (CheckpointException broken)
        {
            error ??= RepositoryModelSource.WithoutFolder(broken, version);
            return null;
        }
    }

    static void Translate(Action change) => Translate(() =>
    {
        change();
        return true;
    });

    static T Translate<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (ModelNotFoundException missing)
        {
            throw new ServingException(ServingFailure.UnknownModel, missing.Message, missing);
        }
        catch (ModelConflictException conflict)
        {
            throw new ServingException(ServingFailure.Conflict, conflict.Message, conflict);
        }
        catch (CheckpointException broken)
        {
            throw new ServingException(ServingFailure.Conflict, $"The aliases of the model cannot be read: {RepositoryModelSource.AliasErrorOf(broken)}", broken);
        }
    }
}
