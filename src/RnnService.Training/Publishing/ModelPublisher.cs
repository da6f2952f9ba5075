using System.Text.Json;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Tasks;

namespace RnnService.Training.Publishing;

/// <summary>Writes a trained model as a new version into the model repository: weights, tokenizer, manifest, card and recipe.</summary>
sealed class ModelPublisher
{
    const string RecipeFile = "recipe.json";
    readonly TrainingRequest _request;
    readonly TimeProvider _clock;

    /// <param name="request">names repository and model</param>
    /// <param name="clock">dates the version</param>
    /// <exception cref="TrainingException">no model can have this name, or nothing can be written where it would lie: told before the training</exception>
    public ModelPublisher(TrainingRequest request, TimeProvider clock)
    {
        _request = request;
        _clock = clock;
        if (!ModelReference.IsName(request.Name))
        {
            throw new TrainingException(
                $"'{request.Name}' cannot be a model's name; use lower-case letters, digits and hyphens, a letter or digit first, 64 at most.");
        }
        try
        {
            Directory.CreateDirectory(request.Repository);
            string model = Path.Combine(request.Repository, request.Name);
            if (File.Exists(model))
                throw new TrainingException($"{model}: is a file, expected the model's folder or nothing.");
            RequireWritable(Directory.Exists(model) ? model : request.Repository);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{request.Repository}: cannot be the repository's folder: {exception.Message}", exception);
        }
    }

    public PublishedModel Publish(TrainingTask task, Corpus training, Corpus validation, EvaluationResult result, TrainingPosition position)
    {
        var recipe = _request.Recipe;
        using var recipeJson = JsonDocument.Parse(recipe.Json);
        var manifest = new ModelManifest
        {
            Task = recipe.Task,
            Languages = recipe.Card.Language is { Length: > 0 } language ? [language] : null,
            // JSON has no infinity, which e to a large loss is; the card says it.
            Metrics = new Dictionary<string, double>(result.Metrics.Where(metric => double.IsFinite(metric.Value))),
            Recipe = recipeJson.RootElement,
            DataHash = training.Sha256,
            CreatedBy = $"rnn {typeof(ModelPublisher).Assembly.GetName().Version?.ToString(3)}",
            Created = _clock.GetUtcNow(),
        };
        string card = ModelCard.Write(_request.Name, recipe.Card, training, validation, result, position, _request.Command);
        var version = new ModelRepository(null, _request.Repository).Publish(_request.Name, folder =>
        {
            task.WritePackage(folder, manifest, recipe.Training.Storage, card);
            File.WriteAllText(Path.Combine(folder, RecipeFile), recipe.Json);
        });
        return new PublishedModel(version.Name, version.Version, version.Folder, result);
    }

    static void RequireWritable(string folder)
    {
        string probe = Path.Combine(folder, AtomicFiles.TemporaryPrefix + Guid.NewGuid().ToString("N"));
        using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
    }
}
