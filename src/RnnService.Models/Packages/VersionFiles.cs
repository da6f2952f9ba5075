using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;
using RnnService.Models.Text;

namespace RnnService.Models.Packages;

/// <summary>The files of a version that every task has, checked against each other when read.</summary>
static class VersionFiles
{
    /// <summary>Writes manifest, weights, card and, of a model that reads text, the tokenizer.</summary>
    public static void Write(
        string folder, ModelManifest manifest, ITokenizer? tokenizer, IReadOnlyCollection<Parameter> weights, StorageType storage, string card)
    {
        string weightsPath = Path.Combine(folder, ModelFiles.Weights);
        SafetensorsWriter.Write(weightsPath, weights, storage, new Dictionary<string, string> { ["format"] = "pt" });
        if (tokenizer is not null)
            TokenizerFile.Write(tokenizer, Path.Combine(folder, ModelFiles.Tokenizer));
        File.WriteAllText(Path.Combine(folder, ModelFiles.Card), card);
        var complete = manifest with
        {
            Tokenizer = tokenizer is null ? null : TokenizerManifest.Of(tokenizer),
            VocabularySize = tokenizer?.Vocabulary.Count ?? 0,
            WeightsSha256 = ModelFiles.Sha256(weightsPath),
        };
        complete.Write(Path.Combine(folder, ModelFiles.Manifest));
    }

    /// <summary>Reads the tokenizer.</summary>
    /// <exception cref="CheckpointException">it is missing, broken, or of another size than <paramref name="manifest"/> says</exception>
    public static ITokenizer ReadTokenizer(string folder, ModelManifest manifest)
    {
        string path = Path.Combine(folder, ModelFiles.Tokenizer);
        var tokenizer = TokenizerFile.Read(path, manifest.Tokenizer?.SurfaceForms);
        return tokenizer.Vocabulary.Count == manifest.VocabularySize
            ? tokenizer
            : throw new CheckpointException(
                path, "model.vocab", $"{tokenizer.Vocabulary.Count} tokens", $"{manifest.VocabularySize}, the vocabularySize of {ModelFiles.Manifest}");
    }

    /// <summary>Makes a network and reads its weights.</summary>
    /// <param name="folder">of the version</param>
    /// <param name="manifest">of the version</param>
    /// <param name="weightCount">how many weights the manifest's sizes make: trusted with memory once the weights' file is as large</param>
    /// <param name="create">makes the network</param>
    /// <param name="weightsOf">its weights</param>
    /// <exception cref="CheckpointException">the weights are missing, broken, or of another network</exception>
    public static TModel ReadModel<TModel>(
        string folder, ModelManifest manifest, Func<Int128> weightCount, Func<TModel> create, Func<TModel, ParameterSet> weightsOf)
    {
        string path = Path.Combine(folder, ModelFiles.Weights);
        using var reader = SafetensorsReader.Open(path);
        Int128 found = 0;
        foreach (var tensor in reader.Tensors)
            found += tensor.ElementCount;
        try
        {
            if (weightCount() is var expected && expected != found)
                throw new CheckpointException(path, "weights", $"{found} in all", $"{expected}, as the architecture in {ModelFiles.Manifest} has");
            string hash = ModelFiles.Sha256(path);
            if (hash != manifest.WeightsSha256)
                throw new CheckpointException(path, "SHA-256", hash, $"{manifest.WeightsSha256}, the weightsSha256 of {ModelFiles.Manifest}");
            var model = create();
            reader.ReadInto(weightsOf(model));
            return model;
        }
        catch (Exception wrong) when (wrong is NotSupportedException or ArgumentException or OverflowException)
        {
            throw new CheckpointException(
                Path.Combine(folder, ModelFiles.Manifest), "architecture", wrong.Message, "a network this program computes", wrong);
        }
    }
}
