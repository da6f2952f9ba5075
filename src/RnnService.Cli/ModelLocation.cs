using RnnService.Engine.Kernels;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;

namespace RnnService.Cli;

/// <summary>A model as the command line names it: <c>REPOSITORY/NAME</c>, with <c>@version</c> or <c>@alias</c>, or the folder of a version.</summary>
static class ModelLocation
{
    public const string Help = "The model: REPOSITORY/NAME, REPOSITORY/NAME@3, REPOSITORY/NAME@alias, or the folder of one version.";

    /// <summary>Loads a model of any task.</summary>
    /// <param name="location">what names it</param>
    /// <param name="weights">how a language model keeps its weights</param>
    /// <exception cref="UserErrorException">there is no such repository, or the model's task has no choice of weights</exception>
    /// <exception cref="CheckpointException">the model's files are damaged</exception>
    public static ModelPackage Load(string location, WeightType weights = WeightType.Float32)
    {
        var package = ModelPackage.Load(FolderOf(location));
        if (package is LanguageModelPackage { Model: var model })
            model.WeightType = weights;
        else if (weights != WeightType.Float32)
            throw new UserErrorException($"{location}: --weights is for language models; this model's task is {package.Manifest.Task}.");
        return package;
    }

    /// <summary>Loads a language model.</summary>
    /// <param name="location">what names it</param>
    /// <param name="weights">how it keeps its weights</param>
    /// <exception cref="UserErrorException">there is no such repository</exception>
    /// <exception cref="CheckpointException">the model's files are damaged, or it does another task</exception>
    public static LanguageModelPackage LoadLanguageModel(string location, WeightType weights = WeightType.Float32)
    {
        var package = LanguageModelPackage.Load(FolderOf(location));
        package.Model.WeightType = weights;
        return package;
    }

    static string FolderOf(string location)
    {
        if (File.Exists(Path.Combine(location, ModelFiles.Manifest)))
            return location;
        var (repository, name) = Split(location);
        return Directory.Exists(repository)
            ? new ModelRepository(null, repository).Resolve(name).Folder
            : throw new UserErrorException($"{location}: there is no folder '{repository}'; give REPOSITORY/NAME.");
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
