using RnnService.Models.Packages;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tests.Recipes;

public sealed class ShippedRecipesTests
{
    public static TheoryData<string> Recipes
    {
        get
        {
            string deploy = Path.Combine(RepositoryRoot(), "deploy");
            return [.. Directory.GetFiles(Path.Combine(deploy, "recipes"), "*.json")
                .Concat(Directory.GetFiles(Path.Combine(deploy, "models"), "recipe.json", SearchOption.AllDirectories))
                .Select(path => Path.GetRelativePath(RepositoryRoot(), path)).Order(StringComparer.Ordinal)];
        }
    }

    [Theory, MemberData(nameof(Recipes))]
    public void Read_RecipeOfTheRepository_IsValidAndSaysItsLicenceAndLanguage(string path)
    {
        var recipe = Recipe.Read(Path.Combine(RepositoryRoot(), path));
        Assert.NotEmpty(recipe.Card.Description);
        Assert.NotEmpty(recipe.Card.Licence);
        Assert.Equal(recipe.Task is not (ModelTask.Seq2Seq or ModelTask.SeriesClassifier), recipe.Card.Language.Length > 0);
    }

    static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "RnnService.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests run outside the repository");
    }
}
