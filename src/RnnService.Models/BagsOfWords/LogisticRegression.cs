namespace RnnService.Models.BagsOfWords;

/// <summary>Multinomial logistic regression on sparse vectors: the probabilities softmax(W x + b) of C classes. Safe to share between threads.</summary>
public sealed class LogisticRegression
{
    /// <summary>Steps of 1 in the weights that files keep.</summary>
    internal const float Steps = 64;

    // Larger ones say no more: e^1000 overflows.
    const float Largest = 1000;

    /// <param name="weights">[F+1,C] W, and b in the last row</param>
    /// <param name="classCount">C</param>
    public LogisticRegression(float[] weights, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length % classCount, 0, nameof(weights));
        (Weights, ClassCount) = (weights, classCount);
    }

    /// <summary>C.</summary>
    public int ClassCount { get; }

    internal float[] Weights { get; }

    /// <summary>b, [C].</summary>
    internal ReadOnlySpan<float> Bias => Weights.AsSpan(^ClassCount);

    /// <summary>The same with weights as files keep them: in 64ths, which moves a score by 0.01 or so.</summary>
    public LogisticRegression Rounded() =>
        new([.. Weights.Select(weight => MathF.Round(Math.Clamp(weight, -Largest, Largest) * Steps) / Steps)], ClassCount);

    /// <summary>The most probable class, the first of equals.</summary>
    public int Predict(SparseVector row)
    {
        double[] probabilities = Probabilities(row);
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    /// <summary>softmax(W x + b), [C].</summary>
    public double[] Probabilities(SparseVector row)
    {
        double[] scores = Product(row);
        for (int c = 0; c < scores.Length; c++)
            scores[c] += Bias[c];
        Softmax(scores);
        return scores;
    }

    /// <summary>W x, [C].</summary>
    internal double[] Product(SparseVector row)
    {
        double[] product = new double[ClassCount];
        for (int i = 0; i < row.Indices.Length; i++)
        {
            var weights = WeightsOf(row.Indices[i]);
            for (int c = 0; c < product.Length; c++)
                product[c] += weights[c] * row.Values[i];
        }
        return product;
    }

    /// <summary>The column of W that belongs to a feature, [C].</summary>
    internal ReadOnlySpan<float> WeightsOf(int feature) => Weights.AsSpan(feature * ClassCount, ClassCount);

    /// <summary>Scores become probabilities.</summary>
    public static void Softmax(Span<double> scores)
    {
        double most = double.NegativeInfinity, sum = 0;
        foreach (double score in scores)
            most = Math.Max(most, score);
        foreach (ref double score in scores)
            sum += score = Math.Exp(score - most);
        foreach (ref double score in scores)
            score /= sum;
    }
}
