using RnnService.Models.Classification;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Checkpoints;

/// <summary>A model with all that is needed to use it, whatever its task: the content of a version in a model repository.</summary>
/// <param name="Manifest">what it is and where it comes from</param>
public abstract record ModelPackage(ModelManifest Manifest)
{
    /// <summary>How the packages of each task are read.</summary>
    static readonly Dictionary<string, Func<string, ModelManifest, ModelPackage>> s_readers = new(StringComparer.Ordinal)
    {
        [ModelTask.LanguageModel] = LanguageModelPackage.Read,
        [ModelTask.SequenceClassifier] = ClassifierPackage.Read,
        [ModelTask.Tagger] = ClassifierPackage.Read,
        [ModelTask.SeriesClassifier] = ClassifierPackage.Read,
    };

    /// <summary>Loads a version.</summary>
    /// <param name="versionFolder">the folder of its files</param>
    /// <exception cref="CheckpointException">a file is missing or broken, or the files do not belong together</exception>
    public static ModelPackage Load(string versionFolder)
    {
        string path = Path.Combine(versionFolder, ModelFiles.Manifest);
        var manifest = ModelManifest.Read(path);
        return s_readers.TryGetValue(manifest.Task, out var read)
            ? read(versionFolder, manifest)
            : throw new CheckpointException(path, "task", $"'{manifest.Task}'", string.Join(" or ", s_readers.Keys.Select(task => $"'{task}'")));
    }

    /// <summary>Loads a version of one kind.</summary>
    /// <param name="versionFolder">the folder of its files</param>
    /// <param name="expected">what it should be, for the message: <c>a language model</c></param>
    /// <exception cref="CheckpointException">as <see cref="Load(string)"/>, or it is a model of another task</exception>
    public static TPackage Load<TPackage>(string versionFolder, string expected)
        where TPackage : ModelPackage
    {
        var package = Load(versionFolder);
        return package as TPackage
            ?? throw new CheckpointException(Path.Combine(versionFolder, ModelFiles.Manifest), "task", $"'{package.Manifest.Task}'", expected);
    }
}
