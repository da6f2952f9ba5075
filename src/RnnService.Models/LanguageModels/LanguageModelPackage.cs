using RnnService.Engine.Layers;
using RnnService.Models.Checkpoints;
using RnnService.Models.Text;

namespace RnnService.Models.LanguageModels;

/// <summary>A language model with all that is needed to use it: the content of a version in a model repository.</summary>
/// <param name="Manifest">what it is and where it comes from</param>
/// <param name="Tokenizer">its tokens</param>
/// <param name="Model">its weights</param>
public sealed record LanguageModelPackage(ModelManifest Manifest, ITokenizer Tokenizer, LanguageModel Model)
{
    /// <summary>Loads a version.</summary>
    /// <param name="versionFolder">the folder of its files</param>
    /// <exception cref="CheckpointException">a file is missing or broken, or the files do not belong together</exception>
    public static LanguageModelPackage Load(string versionFolder)
    {
        string manifestPath = Path.Combine(versionFolder, ModelFiles.Manifest);
        var manifest = ModelManifest.Read(manifestPath);
        if (manifest.Task != ModelManifest.LanguageModelTask)
            throw new CheckpointException(manifestPath, "task", $"'{manifest.Task}'", $"'{ModelManifest.LanguageModelTask}'");
        string tokenizerPath = Path.Combine(versionFolder, ModelFiles.Tokenizer);
        var tokenizer = TokenizerFile.Read(tokenizerPath, manifest.Tokenizer.SurfaceForms);
        if (tokenizer.Vocabulary.Count != manifest.VocabularySize)
            throw new CheckpointException(
                tokenizerPath, "model.vocab", $"{tokenizer.Vocabulary.Count} tokens", $"{manifest.VocabularySize}, the vocabularySize of {ModelFiles.Manifest}");
        return new LanguageModelPackage(manifest, tokenizer, LoadModel(versionFolder, manifest));
    }

    /// <summary>Writes the files of a version into <paramref name="folder"/>.</summary>
    /// <param name="folder">an existing folder</param>
    /// <param name="manifest">metrics, recipe and origin; what describes the other files is filled in</param>
    /// <param name="tokenizer">the tokens</param>
    /// <param name="model">the weights</param>
    /// <param name="storage">how the weights are stored</param>
    /// <param name="card">the model card, Markdown</param>
    public static void Write(
        string folder, ModelManifest manifest, ITokenizer tokenizer, LanguageModel model, StorageType storage, string card)
    {
        string weights = Path.Combine(folder, ModelFiles.Weights);
        SafetensorsWriter.Write(weights, model.Parameters, storage, new Dictionary<string, string> { ["format"] = "pt" });
        TokenizerFile.Write(tokenizer, Path.Combine(folder, ModelFiles.Tokenizer));
        File.WriteAllText(Path.Combine(folder, ModelFiles.Card), card);
        var complete = manifest with
        {
            Task = ModelManifest.LanguageModelTask,
            Architecture = model.Settings,
            Tokenizer = TokenizerManifest.Of(tokenizer),
            VocabularySize = model.VocabularySize,
            WeightsSha256 = ModelFiles.Sha256(weights),
        };
        complete.Write(Path.Combine(folder, ModelFiles.Manifest));
    }

    static LanguageModel LoadModel(string versionFolder, ModelManifest manifest)
    {
        string weightsPath = Path.Combine(versionFolder, ModelFiles.Weights);
        using var reader = SafetensorsReader.Open(weightsPath);
        CheckWeightCount(weightsPath, reader, manifest);
        string hash = ModelFiles.Sha256(weightsPath);
        if (hash != manifest.WeightsSha256)
            throw new CheckpointException(weightsPath, "SHA-256", hash, $"{manifest.WeightsSha256}, the weightsSha256 of {ModelFiles.Manifest}");
        try
        {
            var model = new LanguageModel(manifest.Architecture, manifest.VocabularySize);
            reader.ReadInto(model.Parameters);
            model.WeightsChanged();
            return model;
        }
        catch (Exception wrong) when (wrong is NotSupportedException or ArgumentException)
        {
            throw new CheckpointException(
                Path.Combine(versionFolder, ModelFiles.Manifest), "architecture", wrong.Message, "a network this program computes", wrong);
        }
    }

    // The sizes in model.json are only trusted with memory once the weights' file is as large as they say.
    static void CheckWeightCount(string path, SafetensorsReader reader, ModelManifest manifest)
    {
        Int128 found = 0;
        foreach (var tensor in reader.Tensors)
            found += tensor.ElementCount;
        Int128 expected = WeightCount(manifest.Architecture, manifest.VocabularySize);
        if (found != expected)
            throw new CheckpointException(path, "weights", $"{found} in all", $"{expected}, as the architecture in {ModelFiles.Manifest} has");
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
