using RnnService.Training.Data;
using RnnService.Training.Recipes;

namespace RnnService.Training.Checkpoints;

/// <summary>What a training is made of: a checkpoint continues only the training it was written by.</summary>
/// <param name="Recipe">the recipe's fields by their paths; of no matter is one that is missing here and has its default there, so that a
/// later version of this program, whose recipes have more fields, resumes the training</param>
/// <param name="Data">hash of the training text</param>
/// <param name="Validation">hash of the validation text</param>
/// <param name="Encoder">hash of the weights it starts from, or null where they are random</param>
/// <param name="Teacher">hash of the weights of the model it learns from, or null where there is none</param>
public sealed record TrainingIdentity(
    IReadOnlyDictionary<string, RecipeField> Recipe, string Data, string Validation, string? Encoder = null, string? Teacher = null)
{
    static readonly string[] s_untrained = ["card", "ngrams", "bagOfWords"];

    /// <summary>The identity of a training about to start.</summary>
    /// <param name="recipe">what is trained; its card, and what stands beside the trained network, do not matter</param>
    /// <param name="training">what it learns from</param>
    /// <param name="validation">what it is measured on</param>
    /// <param name="encoderSha256">hash of the weights it starts from, or null where they are random</param>
    /// <param name="teacherSha256">hash of the weights of the model it learns from, or null where there is none</param>
    public static TrainingIdentity Of(
        Recipe recipe, Corpus training, Corpus validation, string? encoderSha256 = null, string? teacherSha256 = null) => new(
        recipe.Fields.Where(field => !s_untrained.Contains(field.Key.Split('.')[0])).ToDictionary(StringComparer.Ordinal),
        training.Sha256, validation.Sha256, encoderSha256, teacherSha256);

    /// <summary>What differs between a checkpoint's identity (this) and another, in words; null when nothing does.</summary>
    public string? DifferenceFrom(TrainingIdentity other) =>
        Recipe.Keys.Union(other.Recipe.Keys).Order(StringComparer.Ordinal)
            .Select(path => Difference($"the recipe's {path}", ValueOf(path, Recipe, other.Recipe), ValueOf(path, other.Recipe, Recipe)))
            .FirstOrDefault(difference => difference is not null)
        ?? Difference("the training text (--data)", Data, other.Data)
        ?? Difference("the validation text (--valid)", Validation, other.Validation)
        ?? Difference("the model to start from (model.initializeFrom)", Encoder, other.Encoder)
        ?? Difference("the model to learn from (training.teacher.model)", Teacher, other.Teacher);

    static string? ValueOf(string path, IReadOnlyDictionary<string, RecipeField> fields, IReadOnlyDictionary<string, RecipeField> others) =>
        fields.TryGetValue(path, out var field) ? field.Value : others[path].Default;

    static string? Difference(string what, string? then, string? now) =>
        then == now ? null : $"{what} differs: the checkpoint was written with {then ?? "none"}, found {now ?? "none"}";
}
