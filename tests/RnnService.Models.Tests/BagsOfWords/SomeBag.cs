using RnnService.Models.BagsOfWords;

namespace RnnService.Models.Tests.BagsOfWords;

/// <summary>Classifiers of texts about films by their words, with weights that are drawn.</summary>
static class SomeBag
{
    internal static readonly string[] Texts =
        ["a good film", "a bad film", "good , good , not bad", "not a good film", "这部电影很好", "不好看的电影", "很好看", "Ünlü 😀 film 😀"];

    internal static BagClassifier Create(int labelCount = 3, int sourceCount = 1, int minTexts = 1)
    {
        var words = BagOfWords.Learn(Texts, minTexts);
        var random = new Random(5);
        int classCount = labelCount * sourceCount;
        float[] weights = [.. Enumerable.Range(0, (words.Count + 1) * classCount).Select(_ => (float)(6 * random.NextDouble() - 3))];
        return new BagClassifier(words, new LogisticRegression(weights, classCount).Rounded(), labelCount);
    }
}
