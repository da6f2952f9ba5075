using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace RnnService.Engine.Tests.Architecture;

/// <summary>References go downward only: Engine, Models, then Training and Serving side by side, then Api and Cli.</summary>
public sealed class ReferenceDirectionTests
{
    [Theory]
    [InlineData("Engine", "")]
    [InlineData("Models", "Engine")]
    [InlineData("Training", "Models")]
    [InlineData("Serving", "Models")]
    [InlineData("Api", "Serving Training")]
    [InlineData("Cli", "Serving Training")]
    public void Project_References_AreTheAllowedOnes(string project, string allowed)
    {
        var referenced = Includes(Load(project), "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order();
        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"RnnService.{name}"), referenced);
    }

    [Fact]
    public void SourceProjects_AreTheOnesTheseTestsKnow()
    {
        string[] known = ["Api", "Cli", "Engine", "Models", "Serving", "Training"];
        var found = Directory.EnumerateFiles(SourceFolder(), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)).Order();
        Assert.Equal(known.Select(name => $"RnnService.{name}"), found);
    }

    [Theory]
    [InlineData("Engine")]
    [InlineData("Models")]
    [InlineData("Training")]
    [InlineData("Serving")]
    [InlineData("Cli")]
    public void ProjectBelowTheApi_KnowsNothingOfTheWeb(string project)
    {
        var content = Load(project);
        Assert.Equal("Microsoft.NET.Sdk", content.Root?.Attribute("Sdk")?.Value);
        var includes = Includes(content, "PackageReference").Concat(Includes(content, "FrameworkReference"));
        Assert.DoesNotContain(includes, name => name.Contains("AspNetCore", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Engine_UsesMathNetAlone() => Assert.Equal(["MathNet.Numerics"], Includes(Load("Engine"), "PackageReference"));

    static IEnumerable<string> Includes(XDocument project, string element) =>
        project.Descendants(element).Select(reference => reference.Attribute("Include")?.Value ?? "");

    static XDocument Load(string project) => XDocument.Load(Path.Combine(SourceFolder(), $"RnnService.{project}", $"RnnService.{project}.csproj"));

    /// <summary>The folder <c>src</c>, found upward from this file, or from the tests where the sources were built elsewhere.</summary>
    static string SourceFolder([CallerFilePath] string file = "")
    {
        foreach (string start in new[] { Path.GetDirectoryName(file)!, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (Directory.Exists(Path.Combine(folder.FullName, "src", "RnnService.Engine")))
                    return Path.Combine(folder.FullName, "src");
            }
        }
        throw new DirectoryNotFoundException($"No folder src/RnnService.Engine above {file} or {AppContext.BaseDirectory}.");
    }
}
