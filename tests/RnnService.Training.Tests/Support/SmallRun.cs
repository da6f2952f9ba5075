using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;
using RnnService.Training.Recipes;
using RnnService.Training.Tasks;

namespace RnnService.Training.Tests.Support;

/// <summary>A training that takes milliseconds: how it is run, and what it gave.</summary>
abstract class SmallRun<TTask> : IProgress<TrainingEvent>
    where TTask : TrainingTask
{
    protected SmallRun(Recipe recipe, Func<Recipe, TTask> create)
    {
        Recipe = recipe;
        Task = create(recipe);
        Trainer = new Trainer(recipe.Training, Task, TimeProvider.System);
    }

    public Recipe Recipe { get; }

    public TTask Task { get; }

    public Trainer Trainer { get; }

    public List<TrainingEvent> Events { get; } = [];

    public float[] Weights => [.. Task.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];

    /// <summary>Runs to the end, or until <paramref name="steps"/> steps were made.</summary>
    public bool Run(int steps = int.MaxValue)
    {
        using var stop = new CancellationTokenSource();
        int made = 0;
        return Trainer.Run(this, () =>
        {
            if (++made == steps)
                stop.Cancel();
        }, stop.Token);
    }

    /// <summary>Writes the model and loads it.</summary>
    public ModelPackage Publish(string folder)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Recipe.Json);
        Task.WritePackage(folder, new ModelManifest { Task = Recipe.Task, Recipe = json.RootElement }, StorageType.Float32, "# card\n");
        return ModelPackage.Load(folder);
    }

    public void Report(TrainingEvent value) => Events.Add(value);
}
