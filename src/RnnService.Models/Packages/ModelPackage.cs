using RnnService.Models.Checkpoints;

namespace RnnService.Models.Packages;

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
        [ModelTask.Seq2Seq] = Seq2SeqPackage.Read,
    };

    /// <summary>Loads a version.</summary>
    /// <param name="versionFolder">the folder of its files</param>
    /// <exception cref="CheckpointException">a file is missing or broken, or the files do not belong together</exception>
    public static ModelPackage Load(string versionFolder) => Load(versionFolder, s_readers.Keys);

    /// <summary>Loads a version of one of these tasks.</summary>
    /// <inheritdoc cref="Load(string)"/>
    protected static ModelPackage Load(string versionFolder, IReadOnlyCollection<string> tasks)
    {
        string path = Path.Combine(versionFolder, ModelFiles.Manifest);
        var manifest = ModelManifest.Read(path);
        return tasks.Contains(manifest.Task)
            ? s_readers[manifest.Task](versionFolder, manifest)
            : throw new CheckpointException(path, "task", $"'{manifest.Task}'", string.Join(" or ", tasks.Select(task => $"'{task}'")));
    }
}
