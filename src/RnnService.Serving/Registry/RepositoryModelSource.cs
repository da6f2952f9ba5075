using RnnService.Engine.Kernels;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;

namespace RnnService.Serving.Registry;

/// <summary>The models of a model repository.</summary>
/// <param name="repository">holds them</param>
/// <param name="weights">how they keep their weights in memory, where their task leaves the choice</param>
public sealed class RepositoryModelSource(ModelRepository repository, WeightType weights) : IModelSource
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CatalogEntry> ReadCatalog() =>
        repository.Names().ToDictionary(name => name, name => Entry(repository, name), StringComparer.Ordinal);

    /// <summary>One model of the catalogue. Aliases that cannot be read are this model's misfortune, not that of the others.</summary>
    internal static CatalogEntry Entry(ModelRepository repository, string name)
    {
        int[] versions = [.. repository.Versions(name).Select(version => version.Version)];
        try
        {
            return new CatalogEntry(versions, repository.Aliases(name));
        }
        catch (CheckpointException broken)
        {
            return new CatalogEntry(versions, new Dictionary<string, int>(), AliasErrorOf(broken));
        }
    }

    /// <summary>What is wrong with a file of aliases, without telling callers where it lies.</summary>
    internal static string AliasErrorOf(CheckpointException broken) =>
        broken.Message[Math.Max(0, broken.Message.IndexOf(ModelRepository.AliasesFile, StringComparison.Ordinal))..];

    /// <inheritdoc/>
    public LoadedModel Load(ModelKey key) => new(key, Read(repository.Resolve(key.ToString())), weights);

    static ModelPackage Read(ModelVersion version)
    {
        try
        {
            return ModelPackage.Load(version.Folder);
        }
        catch (CheckpointException broken)
        {
            throw new ServingException(ServingFailure.LoadFailed, WithoutFolder(broken, version), broken);
        }
    }

    /// <summary>What is wrong with a version's files, without telling callers where they lie.</summary>
    internal static string WithoutFolder(CheckpointException broken, ModelVersion version) =>
        broken.Message.Replace(version.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}
