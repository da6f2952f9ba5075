namespace RnnService.Cli;

/// <summary>A model as the command line names it: <c>REPOSITORY/NAME</c>, with <c>@version</c> or <c>@alias</c>, or the folder of a version.</summary>
static class ModelLocation
{
    /// <summary>The repository's folder and the model's name, which may end with <c>@…</c>.</summary>
    /// <exception cref="UserErrorException">not of the form REPOSITORY/NAME</exception>
    public static (string Repository, string Name) Split(string location)
    {
        string trimmed = Path.TrimEndingDirectorySeparator(location);
        string name = Path.GetFileName(trimmed);
        string? repository = Path.GetDirectoryName(trimmed);
        return string.IsNullOrEmpty(repository) || name is "" or "." or ".."
            ? throw new UserErrorException($"'{location}' is not REPOSITORY/NAME; give the repository's folder and the model's name, for example models/my-model.")
            : (repository, name);
    }
}
