using System.Xml.Linq;

namespace RnnService.Engine.Tests;

/// <summary>References point downward only, and web types stay in the Api.</summary>
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
