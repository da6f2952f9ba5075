using RnnService.Engine.Kernels;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Serving.Registry;

/// <summary>The models of a model repository.</summary>
/// <param name="repository">holds them</param>
/// <param name="weights">how they keep their weights in memory</param>
public sealed class RepositoryModelSource(ModelRepository repository, WeightType weights) : IModelSource
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CatalogEntry> ReadCatalog() => repository.Names().ToDictionary(
        name => name,
        name => new CatalogEntry([.. repository.Versions(name).Select(version => version.Version)], repository.Aliases(name)),
        StringComparer.Ordinal);

    /// <inheritdoc/>
    public LoadedModel Load(ModelKey key)
    {
        var package = Read(repository.Resolve(key.ToString()));
        package.Model.WeightType = weights;
        // Lays the weights out for the kernels and compiles the step, so that the first request waits for neither.
        package.Model.CreateSession().Feed(Vocabulary.EosId);
        return new LoadedModel(key, package.Model, package.Tokenizer);
    }

    static LanguageModelPackage Read(ModelVersion version)
    {
        try
        {
            return LanguageModelPackage.Load(version.Folder);
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
