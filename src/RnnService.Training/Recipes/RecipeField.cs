namespace RnnService.Training.Recipes;

/// <summary>A field of a recipe as it was read.</summary>
/// <param name="Value">the value, the default where the recipe does not say</param>
/// <param name="Default">what a recipe that does not say means; null for a field that must be there</param>
public sealed record RecipeField(string Value, string? Default);
