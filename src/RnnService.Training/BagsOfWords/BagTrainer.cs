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
        var words = BagOfWords.Learn(rows, settings.MinTexts);
        int[] classes = [.. truth.Select(label => Array.IndexOf(sources, label.Path) * labels.Count + labels.IndexOf(label))];
        var regression = LogisticRegressionTrainer.Train(
            [.. rows.Select(words.Features)], classes, words.Count, sources.Length * labels.Count, settings.Trust);
        // As the file keeps them, so that what is measured is what is used.
        return new BagClassifier(words, regression.Rounded(), labels.Count);
    }
}
