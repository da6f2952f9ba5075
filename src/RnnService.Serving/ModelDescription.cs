using RnnService.Engine.Kernels;
using RnnService.Models.Packages;
using RnnService.Serving.Registry;

namespace RnnService.Serving;

/// <summary>A model with its versions.</summary>
/// <param name="Versions">all versions, ascending</param>
/// <param name="Aliases">alias → version</param>
/// <param name="Preferred">the version that the bare name means</param>
public sealed record ModelDescription(IReadOnlyList<int> Versions, IReadOnlyDictionary<string, int> Aliases, VersionDescription Preferred);

/// <summary>One version of a model.</summary>
/// <param name="Key">name and version</param>
/// <param name="Aliases">the aliases that point to it</param>
/// <param name="Manifest">what it is; null where its <c>model.json</c> cannot be read</param>
/// <param name="State">where it stands between the repository and memory</param>
/// <param name="WeightType">how it keeps its weights in memory</param>
/// <param name="Error">why it cannot be used, if so</param>
/// <param name="Bytes">size of its files</param>
/// <param name="Card">its model card, Markdown</param>
public sealed record VersionDescription(
    ModelKey Key, IReadOnlyList<string> Aliases, ModelManifest? Manifest, ModelState State, WeightType WeightType, string? Error, long Bytes, string? Card);
