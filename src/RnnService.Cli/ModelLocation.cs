using RnnService.Engine.Kernels;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;

namespace RnnService.Cli;

/// <summary>A model as the command line names it: <c>REPOSITORY/NAME</c>, with <c>@version</c> or <c>@alias</c>, or the folder of a version.</summary>
static class ModelLocation
{
    public const string Help = "The model: REPOSITORY/NAME, REPOSITORY/NAME@3, REPOSITORY/NAME@alias, or the folder of one version.";

    /// <summary>Loads a model.</summary>
    /// <param name="location">what names it</param>
    /// <param name="weights">how it keeps its weights</param>
    /// <exception cref="UserErrorException">there is no such repository</exception>
    /// <exception cref="CheckpointException">the model's files are damaged</exception>
    public static LanguageModelPackage Load(string location, WeightType weights = WeightType.Float32)
    {
        var package = LanguageModelPackage.Load(FolderOf(location));
        package.Model.WeightType = weights;
        return package;
    }

    static string FolderOf(string location)
    {
        if (File.Exists(Path.Combine(location, "model.json")))
            return location;
        var (repository, name) = Split(location);
        if (!Directory.Exists(repository))
            throw new UserErrorException($"{location}: there is no folder '{repository}'; give REPOSITORY/NAME.");
        return new ModelRepository(null, repository).Resolve(name).Folder;
    }

    /// <summary>The repository's folder and the model's name, which may end with <c>@…</c>.</summary>
    /// <exception cref="UserErrorException">not of the form REPOSITORY/NAME</exception>
    public static (string Repository, string Name) Split(string location)
    {
        string trimmed = Path.TrimEndingDirectorySeparator(location);
        string name = Path.GetFileName(trimmed);
        string? repository = Path.GetDirectoryName(trimmed);
        return string.IsNullOrEmpty(repository) || name is "" or "." or ".."
            ? throw new UserErrorException($"'{location}' is not REPOSITORY/NAME; give the repository's folder and the model's name, for example models/my-model.")
            : (repository, name);
    }
}
