using RnnService.Models.LanguageModels;
using RnnService.Models.Text;
using RnnService.Training.Checkpoints;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Publishing;

namespace RnnService.Training;

/// <summary>Carries out a training request: reads the text, trains with checkpoints, measures the weights as stored, publishes a version.</summary>
/// <param name="request">what to do</param>
/// <param name="clock">times reports and checkpoints</param>
public sealed class TrainingRun(TrainingRequest request, TimeProvider clock)
{
    /// <summary>Runs to the published model, or until <paramref name="stop"/>: then a checkpoint is saved.</summary>
    /// <returns>the published version, or null when stopped</returns>
    /// <exception cref="TrainingException">the text, the recipe or the checkpoint cannot be used, or the training diverged</exception>
    public PublishedModel? Execute(IProgress<TrainingEvent> progress, CancellationToken stop)
    {
        var checkpoint = new TrainingCheckpoint(request.WorkFolder);
        if (checkpoint.Exists && !request.Resume)
            throw new TrainingException($"{request.WorkFolder}: holds an unfinished training; add --resume to go on with it, or delete the folder.");

        var publisher = new ModelPublisher(request, clock);
        var recipe = request.Recipe;
        var training = Corpus.Read(request.Data);
        var validation = Corpus.Read(request.Validation);
        var tokenizer = TokenizerTrainer.Train(recipe.Tokenizer, training.Lines);
        var model = new LanguageModel(recipe.Model, tokenizer.Vocabulary.Count);
        model.Initialize(recipe.Training.Seed);
        var trainer = new Trainer(recipe.Training, model, training.Encode(tokenizer), validation.Encode(tokenizer), clock);
        var identity = TrainingIdentity.Of(recipe, training, validation);
        if (request.Resume)
            trainer.Resume(checkpoint.Load(identity, trainer.State));

        long saved = clock.GetTimestamp();
        bool complete = trainer.Run(progress, SaveWhenDue, stop);
        Save();   // also when complete: should publishing fail, --resume goes straight to it
        if (!complete)
            return null;

        StorageRounding.Round(model, recipe.Training.Storage);
        var result = Evaluator.Evaluate(model, tokenizer, validation);
        var published = publisher.Publish(model, tokenizer, training, validation, result, trainer.Position);
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
}
