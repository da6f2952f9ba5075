using RnnService.Training.Data;
using RnnService.Training.Recipes;

namespace RnnService.Training.Checkpoints;

/// <summary>What a training is made of: a checkpoint continues only the training it was written by.</summary>
/// <param name="Tokenizer">the recipe's section, every field written out</param>
/// <param name="Model">the recipe's section, every field written out</param>
/// <param name="Training">the recipe's section, every field written out</param>
/// <param name="Data">hash of the training text</param>
/// <param name="Validation">hash of the validation text</param>
/// <param name="Task">what a task has beside these sections, written out; null for a language model</param>
public sealed record TrainingIdentity(string Tokenizer, string Model, string Training, string Data, string Validation, string? Task = null)
{
    /// <summary>The identity of a training about to start.</summary>
    /// <param name="recipe">what is trained</param>
    /// <param name="training">what it learns from</param>
    /// <param name="validation">what it is measured on</param>
    /// <param name="encoderSha256">hash of the weights it starts from, or null where they are random</param>
    public static TrainingIdentity Of(Recipe recipe, Corpus training, Corpus validation, string? encoderSha256 = null) => new(
        recipe.Tokenizer.ToString(), recipe.Model.ToString(), recipe.Training.ToString(), training.Sha256, validation.Sha256,
        recipe.Classifier is null ? null : $"{recipe.Task}, {recipe.Data}, {recipe.Classifier}, encoder {encoderSha256 ?? "none"}");

    /// <summary>What differs between a checkpoint's identity (this) and another, in words; null when nothing does.</summary>
    public string? DifferenceFrom(TrainingIdentity other) =>
        Difference("the recipe's task or its data section", Task, other.Task)
        ?? Difference("the recipe's tokenizer section", Tokenizer, other.Tokenizer)
        ?? Difference("the recipe's model section", Model, other.Model)
        ?? Difference("the recipe's training section", Training, other.Training)
        ?? Difference("the training text (--data)", Data, other.Data)
        ?? Difference("the validation text (--valid)", Validation, other.Validation);

    static string? Difference(string what, string? then, string? now) =>
        then == now ? null : $"{what} differs: the checkpoint was written with {then ?? "none"}, found {now ?? "none"}";
}
