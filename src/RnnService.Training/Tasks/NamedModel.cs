using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;

namespace RnnService.Training.Tasks;

/// <summary>Another model that a recipe names.</summary>
static class NamedModel
{
    /// <summary>Loads it.</summary>
    /// <param name="field">the recipe's field, for errors</param>
    /// <param name="location">REPOSITORY/NAME, with @version or @alias, or a NAME alone</param>
    /// <param name="repository">the folder where a name alone is looked for</param>
    /// <exception cref="TrainingException">there is none, or it is broken</exception>
    public static ModelPackage Load(string field, string location, string repository)
    {
        string folder = Path.GetDirectoryName(location) is { Length: > 0 } named ? named : repository;
        try
        {
            return ModelPackage.Load(new ModelRepository(null, folder).Resolve(Path.GetFileName(location)).Folder);
        }
        catch (Exception wrong) when (wrong is ModelNotFoundException or CheckpointException)
        {
            throw new TrainingException($"{field} is \"{location}\", which cannot be used: {wrong.Message}", wrong);
        }
    }
}
