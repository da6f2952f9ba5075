namespace RnnService.Api.Hosting;

/// <summary>Where models and data lie; the <c>Storage</c> section of the settings.</summary>
sealed class StorageLocations
{
    StorageLocations(string shippedModels, string models)
    {
        ShippedModels = shippedModels;
        Models = models;
    }

    /// <summary>The models that came with the product; read only, may be absent.</summary>
    internal string ShippedModels { get; }

    /// <summary>New versions and aliases go here.</summary>
    internal string Models { get; }

    /// <summary>
    /// Reads the settings. Relative paths start from the nearest folder that holds the shipped models, at or above the current
    /// directory or the program, so that the service finds them from a repository as from an image; otherwise from the current directory.
    /// </summary>
    internal static StorageLocations From(IConfiguration configuration)
    {
        string shipped = configuration["Storage:ShippedModels"] ?? "deploy/models";
        string data = configuration["Storage:Data"] ?? "data";
        string models = configuration["Storage:Models"] ?? Path.Combine(data, "models");
        string current = Directory.GetCurrentDirectory();
        string root = AtOrAbove(current).Concat(AtOrAbove(AppContext.BaseDirectory))
            .FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, shipped)), current);
        return new StorageLocations(Path.Combine(root, shipped), Path.Combine(root, models));
    }

    static IEnumerable<string> AtOrAbove(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }
}
