using RnnService.Models.BagsOfWords;
using RnnService.Training.Data;

namespace RnnService.Training.BagsOfWords;

/// <summary>Trains classifiers of texts by their words.</summary>
static class BagTrainer
{
    /// <summary>Trains on texts of one source, or of several, where each file is one.</summary>
    /// <param name="labels">the classes</param>
    /// <param name="texts">[n] the texts</param>
    /// <param name="rowLabels">[n] their labels</param>
    /// <param name="settings">which words count, and how much is made of them</param>
    public static BagClassifier Train(LabelSet labels, IEnumerable<string> texts, IEnumerable<Label> rowLabels, BagSettings settings)
    {
        string[] rows = [.. texts];
        Label[] truth = [.. rowLabels];
        string[] sources = [.. truth.Select(label => label.Path).Distinct()];
        int[] classes = [.. truth.Select(label => Array.IndexOf(sources, label.Path) * labels.Count + labels.IndexOf(label))];
        var (words, regression) = Train(rows, classes, sources.Length * labels.Count, settings);
        // As the file keeps them, so that what is measured is what is used.
        return new BagClassifier(words, regression.Rounded(), labels.Count);
    }

    /// <summary>The features of texts and the regression on them.</summary>
    /// <param name="texts">[n] the texts</param>
    /// <param name="classes">[n] their classes</param>
    /// <param name="classCount">number of classes</param>
    /// <param name="settings">which words count, and how much is made of them</param>
    public static (BagOfWords Words, LogisticRegression Regression) Train(IReadOnlyList<string> texts, int[] classes, int classCount, BagSettings settings)
    {
        var words = BagOfWords.Learn(texts, settings.MinTexts);
        return (words, LogisticRegressionTrainer.Train([.. texts.Select(words.Features)], classes, words.Count, classCount, settings.Trust));
    }
}
