using RnnService.Models.Packages;

namespace RnnService.Serving.Registry;

/// <summary>Where the registry finds models: the model repository, seen as a catalogue and a way to load one version.</summary>
public interface IModelSource
{
    /// <summary>The models there are now, by name.</summary>
    IReadOnlyDictionary<string, CatalogEntry> ReadCatalog();

    /// <summary>Reads one version into memory.</summary>
    /// <exception cref="Exception">the version cannot be loaded; the message says why in one line</exception>
    LoadedModel Load(ModelKey key);
}

/// <summary>What the catalogue knows of one model.</summary>
/// <param name="Versions">ascending; never empty</param>
/// <param name="Aliases">alias → version; none where they cannot be read</param>
/// <param name="AliasError">why the aliases cannot be read; null where they can</param>
public sealed record CatalogEntry(IReadOnlyList<int> Versions, IReadOnlyDictionary<string, int> Aliases, string? AliasError = null)
{
    /// <summary>The version that a bare name means: that of the alias <c>production</c>, or the highest.</summary>
    public int Preferred => Aliases.TryGetValue(ModelReference.ProductionAlias, out int version) && Versions.Contains(version) ? version : Versions[^1];
}
