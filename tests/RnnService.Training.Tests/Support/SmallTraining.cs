using RnnService.Engine.Losses;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Tasks;

namespace RnnService.Training.Tests.Support;

/// <summary>A training on <see cref="Some.Sentences"/> that takes milliseconds: one layer of 32 units, with dropout.</summary>
sealed class SmallTraining : SmallRun<LanguageModelTask>
{
    static readonly Corpus s_corpus = new([new TextFile("sentences.txt", string.Join('\n', Some.Sentences), "")]);

    /// <param name="training">content of the recipe's <c>training</c> section</param>
    /// <param name="cell">fields of the <c>model</c> section that choose the cell</param>
    /// <param name="more">further sections of the recipe</param>
    public SmallTraining(string training, string cell = """ "cell": "lstm" """, string more = "")
        : base(
            Some.Recipe(Some.RecipeJson(
                model: $""" {cell}, "layers": 1, "hiddenSize": 32, "embeddingSize": 16, "dropout": 0.1 """, training: training, more: more)),
            recipe => new LanguageModelTask(recipe, s_corpus, s_corpus))
    {
    }

    public LossSum MeasureValidation()
    {
        var stream = s_corpus.Encode(TokenizerTrainer.Train(Recipe.Tokenizer, s_corpus.Lines)).Stream;
        return Perplexity.Measure(new LanguageModelPass(Task.Model, 10, 2), new BpttBatches(stream, 2, 10));
    }
}
