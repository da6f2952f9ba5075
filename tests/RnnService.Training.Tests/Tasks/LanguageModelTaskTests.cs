using RnnService.Models.Ngrams;
using RnnService.Models.Packages;
using RnnService.Training.Checkpoints;
using RnnService.Training.Evaluation;
using RnnService.Training.Recipes;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Tasks;

public sealed class LanguageModelTaskTests : IDisposable
{
    const string Training = """ "epochs": 2, "batchSize": 2, "bpttWindow": 8 """, Ngrams = """, "ngrams": { "order": 4, "share": 0.5 } """;
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_WithNgrams_TrainsTheSameNetworkAndPredictsWordsBetter()
    {
        var alone = new SmallTraining(Training);
        var small = new SmallTraining(Training, more: Ngrams);
        alone.Run();
        small.Run();
        Assert.Equal(alone.Weights, small.Weights);

        var package = Assert.IsType<LanguageModelPackage>(small.Publish(_folder.Path));
        Assert.Equal(new NgramSettings { Order = 4, Share = 0.5 }, package.Ngrams!.Settings);
        var network = (LanguageModelResult)alone.Task.Evaluate();
        var result = (LanguageModelResult)small.Task.Evaluate();
        Assert.Equal(network.NextWord, result.NetworkNextWord);
        Assert.Equal(network.Loss, result.Loss);
        // The validation text is the training text: all but the words after a common beginning are remembered.
        Assert.InRange(result.NextWord!.Value.Top1OfWords, network.NextWord!.Value.Top1OfWords + 10, result.NextWord.Value.Words);
        Assert.Contains("\nwithout its n-grams, words only: top-1 ", result.Report, StringComparison.Ordinal);
        Assert.Equal(
            result.NextWord, NextWordEvaluation.Measure(package.Model, package.Tokenizer, Some.Sentences, package.Ngrams));
    }

    [Fact]
    public void Identity_Ngrams_AreNoPartOfTheTraining()
    {
        var corpus = Some.Corpus("a");
        var with = TrainingIdentity.Of(Recipe(Ngrams), corpus, corpus);
        Assert.Null(with.DifferenceFrom(TrainingIdentity.Of(Recipe(""), corpus, corpus)));

        static Recipe Recipe(string more) => Some.Recipe(Some.RecipeJson(more: more));
    }
}
