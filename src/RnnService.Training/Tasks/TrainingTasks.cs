using RnnService.Models.Packages;
using RnnService.Training.Data;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tasks;

/// <summary>The tasks that can be trained, by the names recipes give them.</summary>
static class TrainingTasks
{
    /// <summary>Makes the task of a recipe ready to train.</summary>
    /// <param name="recipe">what to train</param>
    /// <param name="training">what to learn from</param>
    /// <param name="validation">what to measure on</param>
    /// <param name="repository">the folder where a model named in the recipe alone is looked for</param>
    /// <param name="progress">told what takes long</param>
    /// <exception cref="TrainingException">the data cannot be used</exception>
    public static TrainingTask Create(Recipe recipe, Corpus training, Corpus validation, string repository, IProgress<TrainingEvent> progress) =>
        recipe.Task switch
        {
            ModelTask.LanguageModel => new LanguageModelTask(recipe, training, validation),
            ModelTask.SequenceClassifier or ModelTask.Tagger or ModelTask.SeriesClassifier =>
                new ClassifierTask(
                    recipe, training, validation,
                    recipe.Classifier!.Encoder is { } encoder ? PretrainedEncoder.Load(encoder, repository) : null,
                    recipe.Classifier!.Teacher is { } teacher ? Teacher.Load(teacher, repository) : null,
                    progress),
            ModelTask.Seq2Seq => new Seq2SeqTask(recipe, training, validation),
            _ => throw new TrainingException($"task is \"{recipe.Task}\", which cannot be trained."),
        };
}
