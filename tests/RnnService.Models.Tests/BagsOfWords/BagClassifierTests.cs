using RnnService.Models.BagsOfWords;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.BagsOfWords;

public sealed class BagClassifierTests
{
    static readonly WordTokenizer s_words = new(new Vocabulary([]), lowercase: true);

    [Fact]
    public void Features_OfAText_AreItsWordsAndPairsOnceEach()
    {
        var words = BagOfWords.Learn(["a good film", "good , good"], minTexts: 1);
        Assert.Equal([",", ", good", "a", "a good", "film", "good", "good ,", "good film"], words.Names);
        var features = words.Features("Good GOOD film, unseen");
        Assert.Equal([",", "film", "good", "good film"], features.Indices.Select(index => words.Names[index]));
        Assert.Equal(1, features.Values.Sum(value => (double)value * value), 1e-6);
        // ln((1+2)/(1+2))+1 where both texts have it, ln((1+2)/(1+1))+1 where one has
        Assert.Equal(Math.Log(1.5) + 1, features.Values[1] / features.Values[2], 1e-6);
    }

    [Fact]
    public void Learn_RareOrEndlessWords_AreNoFeatures()
    {
        Assert.Equal(["a"], BagOfWords.Learn(["a b", "a c", "d a"], minTexts: 2).Names);
        Assert.Empty(BagOfWords.Learn([new string('x', 65)], minTexts: 1).Names);
        Assert.Empty(BagOfWords.Learn([], minTexts: 1).Features("a").Indices);
    }

    [Fact]
    public void Probabilities_OfSeveralSources_AreSumsOverThem()
    {
        var bag = SomeBag.Create(labelCount: 3, sourceCount: 2);
        foreach (string text in SomeBag.Texts)
        {
            double[] classes = bag.Regression.Probabilities(bag.Words.Features(text));
            Assert.Equal([classes[0] + classes[3], classes[1] + classes[4], classes[2] + classes[5]], bag.Probabilities(text));
        }
    }

    [Theory]
    [InlineData("a good film , not a bad film", 1), InlineData("这部电影不好看", 2), InlineData("unseen words", 1), InlineData("", 3)]
    public void Explain_AnyText_ContributionsAddUpToTheDifference(string text, int sourceCount)
    {
        var bag = SomeBag.Create(sourceCount: sourceCount);
        for (int label = 0; label < bag.LabelCount; label++)
        {
            var attribution = bag.Explain(text, s_words.Tokenize(text), label);
            Assert.Equal(bag.Probabilities(text)[label], attribution.Score, 1e-9);
            Assert.Equal(bag.Probabilities("")[label], attribution.BaselineScore, 1e-9);
            Assert.InRange(attribution.Error, 0, 1e-7);
        }
    }

    [Fact]
    public void Explain_PairOfWords_SharesItsContribution()
    {
        // Only "not good" has a weight: its words get a half each, and a lone "good" nothing.
        var words = BagOfWords.Learn(["not good"], minTexts: 1);
        float[] weights = [.. words.Names.SelectMany(name => name == "not good" ? (float[])[3, 0] : [0, 0]), 0, 0];
        var bag = new BagClassifier(words, new LogisticRegression(weights, 2), labelCount: 2);
        double[] contributions = [.. bag.Explain("not good , good", s_words.Tokenize("not good , good"), label: 0).Contributions];
        Assert.True(contributions[0] > 0.1);
        Assert.Equal([contributions[0], contributions[0], 0, 0], contributions);
    }

    [Fact]
    public void Explain_TokensThatAreNotWords_ShareAWordOrGetSeveral()
    {
        const string text = "a good film";
        var bag = SomeBag.Create();
        double[] words = [.. bag.Explain(text, s_words.Tokenize(text), label: 1).Contributions];
        Token[] pieces = [new("a", 4, 0, 1), new("go", 5, 2, 2), new("od", 6, 4, 2), new("film", 7, 7, 4)];
        double[] ofPieces = [.. bag.Explain(text, pieces, label: 1).Contributions];
        Assert.Equal([words[0], words[1] / 2, words[1] / 2, words[2]], ofPieces, new Near());
        double[] ofWhole = [.. bag.Explain(text, [new("a good", 4, 0, 6), new("film", 5, 6, 5)], label: 1).Contributions];
        Assert.Equal([words[0] + words[1], words[2]], ofWhole, new Near());
    }

    sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-12;

        public int GetHashCode(double obj) => 0;
    }
}
