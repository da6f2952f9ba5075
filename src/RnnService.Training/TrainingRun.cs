using RnnService.Engine.Tensors;
using RnnService.Training.Checkpoints;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Publishing;
using RnnService.Training.Recipes;
using RnnService.Training.Tasks;

namespace RnnService.Training;

/// <summary>Carries out a training request: reads the data, trains with checkpoints, measures the weights as stored, publishes a version.</summary>
/// <param name="request">what to do</param>
/// <param name="clock">times reports and checkpoints</param>
public sealed class TrainingRun(TrainingRequest request, TimeProvider clock)
{
    /// <summary>Runs to the published model, or until <paramref name="stop"/>: then a checkpoint is saved.</summary>
    /// <returns>the published version, or null when stopped</returns>
    /// <exception cref="TrainingException">
    /// the data, the recipe, the checkpoint or a folder cannot be used, another training has the work folder, or the training diverged
    /// </exception>
    public PublishedModel? Execute(IProgress<TrainingEvent> progress, CancellationToken stop)
    {
        try
        {
            return Train(progress, stop);
        }
        catch (TensorTooLargeException tooLarge)
        {
            throw RecipeSizes.TooLarge(request.Recipe, tooLarge);
        }
    }

    PublishedModel? Train(IProgress<TrainingEvent> progress, CancellationToken stop)
    {
        var publisher = new ModelPublisher(request, clock);
        using var folder = new WorkFolder(request.WorkFolder);
        var checkpoint = new TrainingCheckpoint(request.WorkFolder);
        if (checkpoint.Exists && !request.Resume)
            throw new TrainingException($"{request.WorkFolder}: holds an unfinished training; add --resume to go on with it, or delete the folder.");

        var recipe = request.Recipe;
        var training = Corpus.Read(request.Data);
        var validation = Corpus.Read(request.Validation);
        var task = TrainingTasks.Create(recipe, training, validation, request.Repository, progress);
        var trainer = new Trainer(recipe.Training, task, clock);
        var identity = TrainingIdentity.Of(recipe, training, validation, task.InitialWeightsSha256, task.TeacherSha256);
        if (request.Resume)
            trainer.Resume(checkpoint.Load(identity, trainer.State));

        long saved = clock.GetTimestamp();
        bool complete = trainer.Run(progress, SaveWhenDue, stop);
        Save();   // also when complete: should publishing fail, --resume goes straight to it
        if (!complete)
            return null;

        progress.Report(new MeasuringStarted());
        StorageRounding.Round(task, recipe.Training.Storage);
        if (Measure(task, stop) is not { } result)
            return null;
        var published = publisher.Publish(task, training, validation, result, trainer.Position);
        checkpoint.Delete();
        return published;

        void SaveWhenDue()
        {
            if (clock.GetElapsedTime(saved) >= request.CheckpointInterval)
                Save();
        }

        void Save()
        {
            checkpoint.Save(identity, trainer.Position, trainer.State);
            saved = clock.GetTimestamp();
            progress.Report(new CheckpointSaved(trainer.Position.Step, request.WorkFolder));
        }
    }

    // What is measured need not be saved: stopped, it is left to itself, and a resumed training measures anew.
    static EvaluationResult? Measure(TrainingTask task, CancellationToken stop)
    {
        try
        {
            stop.ThrowIfCancellationRequested();   // also where measuring would be over before anybody waits for it
            return Task.Run(task.Evaluate, CancellationToken.None).WaitAsync(stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
