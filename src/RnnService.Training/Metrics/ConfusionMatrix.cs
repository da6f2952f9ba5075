namespace RnnService.Training.Metrics;

/// <summary>How often each of K classes was taken for each, and the measures that follow from it.</summary>
public sealed class ConfusionMatrix
{
    readonly long[,] _counts;

    /// <param name="labels">names of the K classes</param>
    public ConfusionMatrix(IReadOnlyList<string> labels)
    {
        Labels = labels;
        _counts = new long[labels.Count, labels.Count];
    }

    /// <summary>The matrix of whole predictions.</summary>
    /// <param name="labels">names of the K classes</param>
    /// <param name="truth">[n] the right classes</param>
    /// <param name="predicted">[n] the predicted ones</param>
    public static ConfusionMatrix Of(IReadOnlyList<string> labels, ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted)
    {
        if (truth.Length != predicted.Length)
            throw new ArgumentException($"expected as many predictions as right classes, found {predicted.Length} for {truth.Length}.", nameof(predicted));
        var matrix = new ConfusionMatrix(labels);
        for (int i = 0; i < truth.Length; i++)
            matrix.Add(truth[i], predicted[i]);
        return matrix;
    }

    /// <summary>Names of the K classes.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Predictions counted.</summary>
    public long Total { get; private set; }

    /// <summary>How often class <paramref name="truth"/> was taken for <paramref name="predicted"/>.</summary>
    public long this[int truth, int predicted] => _counts[truth, predicted];

    /// <summary>Counts one prediction.</summary>
    public void Add(int truth, int predicted)
    {
        _counts[truth, predicted]++;
        Total++;
    }

    /// <summary>Fraction of right predictions; NaN when there is none.</summary>
    public double Accuracy => Classes.Sum(label => _counts[label, label]) / (double)Total;

    /// <summary>How often a class is right.</summary>
    public long Support(int label) => Classes.Sum(predicted => _counts[label, predicted]);

    /// <summary>How often a class was predicted.</summary>
    public long Predictions(int label) => Classes.Sum(truth => _counts[truth, label]);

    /// <summary>Of the predictions of a class, the fraction that is right; 0 when it was never predicted.</summary>
    public double Precision(int label) => Ratio(_counts[label, label], Predictions(label));

    /// <summary>Of the occurrences of a class, the fraction that was found; 0 when it does not occur.</summary>
    public double Recall(int label) => Ratio(_counts[label, label], Support(label));

    /// <summary>2PR/(P+R), the harmonic mean of precision and recall; 0 when both are.</summary>
    public double F1(int label) => Ratio(2 * _counts[label, label], Support(label) + Predictions(label));

    /// <summary>The mean F1 of the classes that occur or were predicted (Sokolova and Lapalme 2009, macro-averaged, of each class's own F1).</summary>
    public double MacroF1 => Classes.Where(label => Support(label) + Predictions(label) > 0).Average(F1);

    IEnumerable<int> Classes => Enumerable.Range(0, Labels.Count);

    static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
