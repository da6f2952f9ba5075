using System.Globalization;
using System.Text;
using RnnService.Models.Packages;

namespace RnnService.Models.Interchange.PyTorch;

/// <summary>The model card of an imported model: which files it came from and how, so that it can be imported again.</summary>
public static class PyTorchCard
{
    /// <param name="name">the model's name</param>
    /// <param name="imported">the model</param>
    /// <param name="files">the files it was read from, by their use: <c>state_dict</c>, <c>mapping</c>, <c>tokenizer</c></param>
    /// <param name="command">the command line</param>
    /// <returns>Markdown</returns>
    public static string Write(string name, PyTorchImport imported, IEnumerable<(string Use, string Path)> files, string command)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {name}\n\nLanguage model imported from a PyTorch `state_dict`: {imported.Describe()}.\n");
        text.Append("\n## Data\n\nNot known here; whoever trained the model knows it.\n\n| use | file | sha256 |\n|---|---|---|\n");
        foreach (var (use, path) in files)
            text.Append(CultureInfo.InvariantCulture, $"| {use} | {Path.GetFileName(path)} | {ModelFiles.Sha256(path)} |\n");
        text.Append("\n## Licence\n\nNot known here; that of the imported files.\n");
        if (imported.AbsentTokens.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Limitations\n\nThe model was trained without `{string.Join("`, `", imported.AbsentTokens)}`: ")
                .Append("they read as zeros and are never predicted.\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\n## How it was made\n\n```\n{command}\n```\n");
        return text.ToString();
    }
}
