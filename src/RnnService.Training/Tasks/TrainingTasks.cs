using RnnService.Training.Data;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tasks;

/// <summary>The tasks that can be trained, by the names recipes give them.</summary>
static class TrainingTasks
{
    /// <summary>Makes the task of a recipe ready to train.</summary>
    /// <exception cref="TrainingException">the data cannot be used</exception>
    public static TrainingTask Create(Recipe recipe, Corpus training, Corpus validation) => recipe.Task switch
    {
        Recipe.LanguageModelTask => new LanguageModelTask(recipe, training, validation),
        _ => throw new TrainingException($"task is \"{recipe.Task}\", which cannot be trained; expected \"{Recipe.LanguageModelTask}\"."),
    };
}
