using RnnService.Models.Explanations;
using RnnService.Models.Text;

namespace RnnService.Models.BagsOfWords;

/// <summary>
/// Classifies texts by their words and pairs of words with logistic regression, whose weight for each can be read. Trained on texts of
/// several sources (films, clothes, …) it tells source and label at once, for a word can speak differently in each, and a label's
/// probability is the sum over the sources: p(label | x) = sum over s of p(s, label | x). Safe to share between threads.
/// </summary>
public sealed class BagClassifier
{
    // Of a way, each integrated by itself: right to many digits, as scores differ by a few tens at most.
    const int Parts = 32;

    /// <param name="words">the features</param>
    /// <param name="regression">its class s K + k is label k in source s</param>
    /// <param name="labelCount">K</param>
    public BagClassifier(BagOfWords words, LogisticRegression regression, int labelCount)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(regression.Weights.Length, (words.Count + 1) * regression.ClassCount, nameof(regression));
        ArgumentOutOfRangeException.ThrowIfNotEqual(regression.ClassCount % labelCount, 0, nameof(labelCount));
        (Words, Regression, LabelCount) = (words, regression, labelCount);
    }

    /// <summary>The features.</summary>
    public BagOfWords Words { get; }

    /// <summary>K.</summary>
    public int LabelCount { get; }

    /// <summary>Tells source and label: its class s K + k is label k in source s.</summary>
    public LogisticRegression Regression { get; }

    /// <summary>The probability of each label, [K].</summary>
    public double[] Probabilities(string text)
    {
        double[] classes = Regression.Probabilities(Words.Features(text));
        return [.. Enumerable.Range(0, LabelCount).Select(label => OfLabel(classes, label))];
    }

    /// <summary>
    /// What each token contributes to the probability of a label: integrated gradients (Sundararajan et al. 2017) on the straight way from
    /// no features to those of the text. A pair's contribution is shared by its words, that of a word by its occurrences.
    /// </summary>
    /// <param name="text">the text</param>
    /// <param name="tokens">its tokens in order, of any tokenizer</param>
    /// <param name="label">whose probability is explained</param>
    public Attribution Explain(string text, IReadOnlyList<Token> tokens, int label)
    {
        var features = Words.Features(text);
        double[] product = Regression.Product(features);
        double[] slopes = MeanSlopes(product, label);
        var values = features.Indices.Zip(features.Values).ToDictionary();
        var places = Words.Places(text).ToArray();
        var occurrences = places.CountBy(place => place.Index).ToDictionary();
        double[] contributions = new double[tokens.Count];
        var ends = tokens.Select(token => token.Start + token.Length).ToList();
        foreach (var (index, word) in places)
        {
            var weights = Regression.WeightsOf(index);
            double contribution = 0;
            for (int c = 0; c < slopes.Length; c++)
                contribution += weights[c] * slopes[c];
            Share(word, contribution * values[index] / occurrences[index]);
        }
        return new Attribution(contributions, OfLabel(ClassesAt(product, 1), label), OfLabel(ClassesAt(product, 0), label));

        // A word's part goes to the tokens it consists of.
        void Share(TextSpan word, double contribution)
        {
            int first = ends.BinarySearch(word.Start + 1);
            first = Math.Min(first < 0 ? ~first : first, ends.Count - 1);
            int last = first;
            while (last + 1 < tokens.Count && tokens[last + 1].Start < word.End)
                last++;
            for (int token = first; token <= last; token++)
                contributions[token] += contribution / (last - first + 1);
        }
    }

    // The probability of a label: those of its classes summed over the sources.
    double OfLabel(double[] classes, int label)
    {
        double sum = 0;
        for (int c = label; c < classes.Length; c += LabelCount)
            sum += classes[c];
        return sum;
    }

    // The probabilities of the classes at a place of the way: softmax(b + place W x).
    double[] ClassesAt(double[] product, double place)
    {
        double[] scores = [.. product];
        for (int c = 0; c < scores.Length; c++)
            scores[c] = Regression.Bias[c] + place * scores[c];
        LogisticRegression.Softmax(scores);
        return scores;
    }

    // The mean over the way of d p(label) / d score[c] = p[c] (1 if c is of the label, else 0, - p(label)).
    double[] MeanSlopes(double[] product, int label)
    {
        double[] means = new double[product.Length];
        for (int part = 0; part < Parts; part++)
        {
            for (int point = 0; point < GaussLegendre.Points; point++)
            {
                double[] classes = ClassesAt(product, (part + GaussLegendre.Places[point]) / Parts);
                double score = OfLabel(classes, label);
                for (int c = 0; c < means.Length; c++)
                    means[c] += GaussLegendre.Weights[point] / Parts * classes[c] * ((c % LabelCount == label ? 1 : 0) - score);
            }
        }
        return means;
    }
}
