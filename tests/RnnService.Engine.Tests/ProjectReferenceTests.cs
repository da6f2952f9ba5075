using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RnnService.Engine.Tests;

/// <summary>References point downward only, between projects and between the folders of each, and web types stay in the Api.</summary>
public sealed class ProjectReferenceTests
{
    static readonly string s_source = Path.Combine(Root(), "src");

    [Theory]
    [InlineData("Engine", new string[0])]
    [InlineData("Models", new[] { "Engine" })]
    [InlineData("Training", new[] { "Models" })]
    [InlineData("Serving", new[] { "Models" })]
    [InlineData("Api", new[] { "Serving", "Training" })]
    [InlineData("Cli", new[] { "Serving", "Training" })]
    public void Project_References_AreAmongThoseOfTheDesign(string project, string[] allowed)
    {
        var found = Includes(Load(project), "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)["RnnService.".Length..]);
        Assert.Empty(found.Except(allowed));
    }

    [Fact]
    public void Source_AllProjects_AreCovered() => Assert.Equal(
        ["RnnService.Api", "RnnService.Cli", "RnnService.Engine", "RnnService.Models", "RnnService.Serving", "RnnService.Training"],
        Directory.GetFiles(s_source, "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)).Order());

    [Theory]
    [InlineData("Engine")]
    [InlineData("Models")]
    [InlineData("Training")]
    [InlineData("Serving")]
    [InlineData("Cli")]
    public void Project_BelowTheApi_KnowsNoWebTypes(string project)
    {
        var file = Load(project);
        Assert.Equal("Microsoft.NET.Sdk", file.Root!.Attribute("Sdk")!.Value);
        Assert.DoesNotContain(Includes(file, "FrameworkReference").Concat(Includes(file, "PackageReference")), name => name.Contains("AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Engine_Packages_AreMathNetOnly() => Assert.Equal(["MathNet.Numerics"], Includes(Load("Engine"), "PackageReference"));

    [Theory]
    [InlineData("Engine")]
    [InlineData("Models")]
    [InlineData("Training")]
    [InlineData("Serving")]
    [InlineData("Api")]
    [InlineData("Cli")]
    public void Folders_UseEachOther_InOneDirection(string project)
    {
        var uses = UsesOfFolders(project);
        foreach (string folder in uses.Keys)
            Assert.Null(WayBack(uses, folder));
    }

    [Fact]
    public void WayBack_FoldersThatUseEachOther_AreFound() =>
        Assert.Equal("A, B, C, A", WayBack(new() { ["A"] = ["B"], ["B"] = ["C"], ["C"] = ["A"] }, "A"));

    // Which folders of a project, of those with a name, each of them has a using of.
    static Dictionary<string, HashSet<string>> UsesOfFolders(string project)
    {
        string root = Path.Combine(s_source, $"RnnService.{project}");
        return Directory.GetDirectories(root).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")).ToDictionary(
            folder => Path.GetFileName(folder),
            folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).SelectMany(File.ReadLines)
                .Select(line => Regex.Match(line, $@"^using RnnService\.{project}\.(\w+)")).Where(match => match.Success)
                .Select(match => match.Groups[1].Value).Where(used => used != Path.GetFileName(folder)).ToHashSet());
    }

    // The shortest way from a folder along what it uses back to itself; null where there is none.
    static string? WayBack(Dictionary<string, HashSet<string>> uses, string folder)
    {
        var ways = new Queue<string[]>([[folder]]);
        for (var seen = new HashSet<string>(); ways.TryDequeue(out string[]? way);)
        {
            foreach (string used in uses.GetValueOrDefault(way[^1]) ?? [])
            {
                if (used == folder)
                    return string.Join(", ", [.. way, used]);
                if (seen.Add(used))
                    ways.Enqueue([.. way, used]);
            }
        }
        return null;
    }

    static XDocument Load(string project) => XDocument.Load(Path.Combine(s_source, $"RnnService.{project}", $"RnnService.{project}.csproj"));

    static IEnumerable<string> Includes(XDocument file, string element) => file.Descendants(element).Select(item => item.Attribute("Include")!.Value);

    static string Root()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "RnnService.sln")))
                return folder;
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds RnnService.sln.");
    }
}
