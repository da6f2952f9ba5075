using RnnService.Engine.Layers;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Text;

namespace RnnService.Models.Packages;

/// <summary>A language model with all that is needed to use it: the content of a version in a model repository.</summary>
/// <param name="Manifest">what it is and where it comes from</param>
/// <param name="Tokenizer">its tokens</param>
/// <param name="Model">its weights</param>
public sealed record LanguageModelPackage(ModelManifest Manifest, ITokenizer Tokenizer, LanguageModel Model) : ModelPackage(Manifest)
{
    /// <summary>What counted n-grams add to next words; null for a model without.</summary>
    public NgramMixture? Ngrams { get; init; }

    /// <summary>Loads a version.</summary>
    /// <param name="versionFolder">the folder of its files</param>
    /// <exception cref="CheckpointException">a file is missing or broken, the files do not belong together, or it is no language model</exception>
    public static new LanguageModelPackage Load(string versionFolder) =>
        (LanguageModelPackage)Load(versionFolder, [ModelTask.LanguageModel]);

    /// <summary>Writes the files of a version into <paramref name="folder"/>.</summary>
    /// <param name="folder">an existing folder</param>
    /// <param name="manifest">metrics, recipe and origin; what describes the other files is filled in</param>
    /// <param name="tokenizer">the tokens</param>
    /// <param name="model">the weights</param>
    /// <param name="storage">how the weights are stored</param>
    /// <param name="card">the model card, Markdown</param>
    /// <param name="ngrams">counted n-grams, if it has any</param>
    public static void Write(
        string folder, ModelManifest manifest, ITokenizer tokenizer, LanguageModel model, StorageType storage, string card, NgramMixture? ngrams = null)
    {
        var described = manifest with { Task = ModelTask.LanguageModel, Architecture = model.Settings, Ngrams = ngrams?.Settings };
        if (ngrams is not null)
        {
            string path = Path.Combine(folder, ModelFiles.Ngrams);
            NgramFile.Write(ngrams.Counts, path);
            described = described with { NgramsSha256 = ModelFiles.Sha256(path) };
        }
        VersionFiles.Write(folder, described, tokenizer, model.Parameters, storage, card);
    }

    internal static LanguageModelPackage Read(string folder, ModelManifest manifest)
    {
        var tokenizer = VersionFiles.ReadTokenizer(folder, manifest);
        var model = VersionFiles.ReadModel(
            folder, manifest,
            () => WeightCount(manifest.Architecture, manifest.VocabularySize),
            () => new LanguageModel(manifest.Architecture, manifest.VocabularySize),
            model => model.Parameters);
        return new LanguageModelPackage(manifest, tokenizer, model) { Ngrams = ReadNgrams(folder, manifest) };
    }

    static NgramMixture? ReadNgrams(string folder, ModelManifest manifest)
    {
        if (manifest.Ngrams is null)
            return null;
        string path = Path.Combine(folder, ModelFiles.Ngrams);
        var counts = NgramFile.Read(path, manifest.VocabularySize);
        ModelFiles.CheckSha256(path, manifest.NgramsSha256, "ngramsSha256");
        return new NgramMixture(counts, manifest.Ngrams);
    }

    static Int128 WeightCount(ModelSettings settings, int vocabularySize)
    {
        Int128 hidden = settings.HiddenSize, embedding = settings.EmbeddingSize, vocabulary = vocabularySize;
        var options = settings.Recurrent();
        Int128 recurrent = RecurrentLayer.WeightCount(options, settings.EmbeddingSize)
            + (settings.Layers - 1) * RecurrentLayer.WeightCount(options, settings.HiddenSize);
        Int128 output = (settings.TieEmbeddings, hidden == embedding) switch
        {
            (false, _) => vocabulary * hidden,
            (true, false) => embedding * hidden + embedding,
            _ => 0,
        };
        return vocabulary * embedding + recurrent + output + vocabulary;
    }
}
