using RnnService.Engine.Tensors;

namespace RnnService.Training.Recipes;

/// <summary>The fields of a recipe that tensors have their sizes from.</summary>
static class RecipeSizes
{
    static readonly string[] s_fields =
    [
        "training.batchSize", "training.bpttWindow", "model.hiddenSize", "model.embeddingSize", "model.attentionSize", "model.encoderHiddenSize",
        "model.maxLength", "data.window", "tokenizer.vocabularySize",
    ];

    /// <summary>The error of sizes that are allowed one by one and too much together.</summary>
    /// <param name="recipe">whose sizes, those that are not the default, it names</param>
    /// <param name="cause">says how many elements a tensor would have</param>
    public static RecipeException TooLarge(Recipe recipe, TensorTooLargeException cause)
    {
        var given = s_fields
            .Where(path => recipe.Fields.TryGetValue(path, out var field) && field.Value != field.Default)
            .Select(path => $"{path} is {recipe.Fields[path].Value}");
        return new RecipeException(
            $"{string.Join(", ", given)}: together they ask for a tensor of {cause.Elements} elements or more, expected {TensorTooLargeException.MostElements} at most; make one of them smaller.");
    }
}
