using RnnService.Models.BagsOfWords;
using RnnService.Training.BagsOfWords;
using RnnService.Training.Data;
using RnnService.Training.Metrics;

namespace RnnService.Training.Baselines;

/// <summary>The baselines of text classification, learnt from the training data of the model beside them.</summary>
public static class TextBaselines
{
    /// <summary>The most frequent class, and logistic regression on words and pairs of words.</summary>
    /// <param name="labels">the classes</param>
    /// <param name="training">what the baselines learn from</param>
    /// <param name="validation">what they are measured on</param>
    public static IReadOnlyList<Baseline> Measure(
        LabelSet labels, IReadOnlyList<LabelledText> training, IReadOnlyList<LabelledText> validation)
    {
        int[] trainingLabels = labels.IndicesOf(training.Select(row => row.Label));
        int[] truth = labels.IndicesOf(validation.Select(row => row.Label));
        var (words, regression) = BagTrainer.Train([.. training.Select(row => row.Text)], trainingLabels, labels.Count, new BagSettings());
        int[] predicted = [.. validation.Select(row => regression.Predict(words.Features(row.Text)))];
        return
        [
            Majority(labels, trainingLabels, truth),
            new("bagOfWords", "logistic regression on words and pairs of words", ConfusionMatrix.Of(labels.Names, truth, predicted)),
        ];
    }

    /// <summary>The most frequent class of the training data, the first of equals, for every answer.</summary>
    /// <param name="labels">the classes</param>
    /// <param name="training">classes of the training data</param>
    /// <param name="truth">classes to predict</param>
    public static Baseline Majority(LabelSet labels, IReadOnlyList<int> training, int[] truth)
    {
        int majority = training.CountBy(label => label).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
        int[] predicted = new int[truth.Length];
        Array.Fill(predicted, majority);
        return new Baseline("majority", $"always \"{labels.Names[majority]}\"", ConfusionMatrix.Of(labels.Names, truth, predicted));
    }
}
