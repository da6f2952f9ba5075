using RnnService.Models.Checkpoints;

namespace RnnService.Models.Packages;

/// <summary>A version of a model in a repository.</summary>
/// <param name="Name">the model</param>
/// <param name="Version">1, 2, 3…</param>
/// <param name="Folder">where its files are</param>
/// <param name="IsShipped">whether it came with the product and cannot be changed</param>
public sealed record ModelVersion(string Name, int Version, string Folder, bool IsShipped)
{
    /// <summary>Reads what the version is.</summary>
    /// <exception cref="CheckpointException">its <c>model.json</c> is missing or broken</exception>
    public ModelManifest ReadManifest() => ModelManifest.Read(Path.Combine(Folder, ModelFiles.Manifest));

    /// <summary>For example <c>next-word-en@3</c>.</summary>
    public override string ToString() => $"{Name}@{Version}";
}
