namespace RnnService.Training.Recipes;

/// <summary>A recipe that cannot be used; the message names file, line, field, value found and values allowed.</summary>
public sealed class RecipeException(string message) : TrainingException(message);
