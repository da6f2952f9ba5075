using RnnService.Models.Checkpoints;
using RnnService.Training.Data;
using RnnService.Training.Recipes;
using RnnService.Training.Tasks;

namespace RnnService.Training.Tests.Support;

/// <summary>A training on few pairs that takes milliseconds: the rows to learn are the rows to measure on.</summary>
sealed class SmallTranslation : IProgress<TrainingEvent>
{
    public const string Pairs = "en\tde\nthe cat sleeps\tdie Katze schläft\nthe dog sleeps\tder Hund schläft\na cat\teine Katze\nthe old dog runs home\tder alte Hund läuft nach Hause\na dog\tein Hund\nrun home\tlauf nach Hause\n";

    public const string Network = """ "cell": "gru", "layers": 1, "hiddenSize": 24, "embeddingSize": 16, "attentionSize": 12 """;

    /// <param name="model">the <c>model</c> section</param>
    /// <param name="training">more fields of the <c>training</c> section</param>
    /// <param name="epochs">of the training</param>
    public SmallTranslation(string model = Network, string training = "", int epochs = 60)
    {
        Recipe = Some.Recipe(RecipeJson(model, training, epochs));
        Task = new Seq2SeqTask(Recipe, Corpus, Corpus);
        Trainer = new Trainer(Recipe.Training, Task, TimeProvider.System);
    }

    public Corpus Corpus { get; } = Some.Corpus(Pairs);

    public Recipe Recipe { get; }

    public Seq2SeqTask Task { get; }

    public Trainer Trainer { get; }

    public float[] Weights => [.. Task.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];

    public static string RecipeJson(string model = Network, string training = "", int epochs = 60) => $$"""
        { "task": "seq2seq", "data": { "format": "tsv", "source": "en", "target": "de" }, "tokenizer": { "type": "word" },
          "model": { {{model}} },
          "training": { "epochs": {{epochs}}, "batchSize": 3, "patience": 0, "optimizer": { "type": "adam", "learningRate": 0.02 }{{training}} } }
        """;

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

    public void Report(TrainingEvent value) { }
}
