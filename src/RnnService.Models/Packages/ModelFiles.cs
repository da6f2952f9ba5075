using System.Security.Cryptography;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Packages;

/// <summary>The files of a version in a model repository.</summary>
public static class ModelFiles
{
    /// <summary>What the model is: <see cref="ModelManifest"/>.</summary>
    public const string Manifest = "model.json";

    /// <summary>The weights, safetensors.</summary>
    public const string Weights = "model.safetensors";

    /// <summary>The tokenizer in the format of Hugging Face tokenizers.</summary>
    public const string Tokenizer = "tokenizer.json";

    /// <summary>Counted n-grams, where a language model has them.</summary>
    public const string Ngrams = "ngrams.bin";

    /// <summary>Weights of words and pairs of words, where a classifier of texts has them.</summary>
    public const string Words = "words.bin";

    /// <summary>The model card, Markdown.</summary>
    public const string Card = "README.md";

    /// <summary>Checks the SHA-256 of a file that belongs to a version.</summary>
    /// <param name="path">the file</param>
    /// <param name="expected">what it must be</param>
    /// <param name="field">where <see cref="Manifest"/> says so</param>
    /// <exception cref="CheckpointException">it is another</exception>
    internal static void CheckSha256(string path, string? expected, string field)
    {
        if (Sha256(path) is var hash && hash != expected)
            throw new CheckpointException(path, "SHA-256", hash, $"{expected}, the {field} of {Manifest}");
    }

    /// <summary>SHA-256 of a file's bytes, 64 lower-case hexadecimal digits.</summary>
    public static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
