using RnnService.Models.BagsOfWords;
using RnnService.Training.BagsOfWords;
using RnnService.Training.Data;

namespace RnnService.Training.Tests.BagsOfWords;

public sealed class BagTrainerTests
{
    [Fact]
    public void Train_SourcesWhoseWordsSpeakDifferently_TellsThemApart()
    {
        // "unpredictable" praises a film and damns a car: the words around it decide.
        string[] texts = ["unpredictable plot", "dull plot", "unpredictable actors", "dull actors", "unpredictable brakes", "solid brakes", "unpredictable wheels", "solid wheels"];
        Label[] labels = [.. "good bad good bad bad good bad good".Split(' ').Select((name, row) => new Label(name, row < 4 ? "films.tsv" : "cars.tsv", row))];
        string[] asked = ["unpredictable plot and actors", "unpredictable brakes and wheels"];

        var bag = BagTrainer.Train(new LabelSet(["bad", "good"]), texts, labels, new BagSettings { MinTexts = 1, Trust = 100 });
        Assert.Equal(["good", "bad"], asked.Select(text => bag.Probabilities(text)[1] > 0.5 ? "good" : "bad"));
        Assert.All(asked, text => Assert.Equal(1, bag.Probabilities(text).Sum(), 1e-9));

        Label[] ofOneFile = [.. labels.Select(label => label with { Path = "all.tsv" })];
        Assert.Equal(2, BagTrainer.Train(new LabelSet(["bad", "good"]), texts, ofOneFile, new BagSettings { MinTexts = 1 }).Probabilities("").Length);
    }
}
