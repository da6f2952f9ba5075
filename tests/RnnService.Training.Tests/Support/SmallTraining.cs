using RnnService.Engine.Losses;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Tasks;

namespace RnnService.Training.Tests.Support;

/// <summary>A training on <see cref="Some.Sentences"/> that takes milliseconds: one layer of 32 units, with dropout.</summary>
sealed class SmallTraining : IProgress<TrainingEvent>
{
    readonly LanguageModel _model;
    readonly TokenLines _lines;

    /// <param name="training">content of the recipe's <c>training</c> section</param>
    /// <param name="cell">fields of the <c>model</c> section that choose the cell</param>
    public SmallTraining(string training, string cell = """ "cell": "lstm" """)
    {
        var recipe = Some.Recipe(Some.RecipeJson(
            model: $""" {cell}, "layers": 1, "hiddenSize": 32, "embeddingSize": 16, "dropout": 0.1 """, training: training));
        var corpus = new Corpus([new TextFile("sentences.txt", string.Join('\n', Some.Sentences), "")]);
        _lines = corpus.Encode(TokenizerTrainer.Train(recipe.Tokenizer, corpus.Lines));
        var task = new LanguageModelTask(recipe, corpus, corpus);
        _model = task.Model;
        Trainer = new Trainer(recipe.Training, task, TimeProvider.System);
    }

    public Trainer Trainer { get; }

    public List<TrainingEvent> Events { get; } = [];

    public float[] Weights => [.. _model.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];

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

    public LossSum MeasureValidation() => Perplexity.Measure(new LanguageModelPass(_model, 10, 2), new BpttBatches(_lines.Stream, 2, 10));

    public void Report(TrainingEvent value) => Events.Add(value);
}
