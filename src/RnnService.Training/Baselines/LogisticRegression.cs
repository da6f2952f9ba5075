namespace RnnService.Training.Baselines;

/// <summary>
/// Multinomial logistic regression on sparse vectors: the weights W [K,F] and biases b [K] that minimise
/// <c>sum over texts of -log softmax(W x + b)[label] + |W|²/(2 C)</c>, found by L-BFGS (Liu and Nocedal 1989). The objective is convex, so
/// the figure depends on the data alone, not on a seed.
/// </summary>
sealed class LogisticRegression
{
    /// <summary>C, the trust in the data.</summary>
    const double Trust = 3;

    readonly double[] _weights;   // [F+1,K]; the last row is the bias
    readonly int _classCount;

    LogisticRegression(double[] weights, int classCount)
    {
        _weights = weights;
        _classCount = classCount;
    }

    /// <summary>Finds the minimum.</summary>
    /// <param name="rows">[n] vectors</param>
    /// <param name="labels">[n] their classes</param>
    /// <param name="featureCount">F</param>
    /// <param name="classCount">K</param>
    public static LogisticRegression Train(SparseVector[] rows, int[] labels, int featureCount, int classCount)
    {
        var model = new LogisticRegression(new double[(featureCount + 1) * classCount], classCount);
        double[] scores = new double[classCount];
        Lbfgs.Minimize(model._weights, Objective);
        return model;

        // The objective and its gradient at the current weights.
        double Objective(double[] gradient)
        {
            int regularised = featureCount * classCount;
            double penalty = 0;
            for (int i = 0; i < regularised; i++)
            {
                penalty += model._weights[i] * model._weights[i];
                gradient[i] = model._weights[i] / Trust;
            }
            Array.Clear(gradient, regularised, classCount);
            double loss = penalty / (2 * Trust);
            for (int row = 0; row < rows.Length; row++)
            {
                model.Score(rows[row], scores);
                Softmax(scores);
                loss -= Math.Log(Math.Max(scores[labels[row]], double.Epsilon));
                scores[labels[row]] -= 1;   // now the gradient of the loss with respect to the scores
                AddGradient(rows[row], scores, gradient);
            }
            return loss;
        }
    }

    /// <summary>The most probable class, the first of equals.</summary>
    public int Predict(SparseVector row)
    {
        double[] probabilities = Probabilities(row);
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    /// <summary>softmax(W x + b), [K].</summary>
    public double[] Probabilities(SparseVector row)
    {
        double[] scores = new double[_classCount];
        Score(row, scores);
        Softmax(scores);
        return scores;
    }

    void Score(SparseVector row, Span<double> scores)
    {
        _weights.AsSpan(^_classCount).CopyTo(scores);
        for (int i = 0; i < row.Indices.Length; i++)
        {
            var weights = _weights.AsSpan(row.Indices[i] * _classCount, _classCount);
            for (int k = 0; k < scores.Length; k++)
                scores[k] += weights[k] * row.Values[i];
        }
    }

    static void Softmax(Span<double> scores)
    {
        double most = double.NegativeInfinity, sum = 0;
        foreach (double score in scores)
            most = Math.Max(most, score);
        foreach (ref double score in scores)
            sum += score = Math.Exp(score - most);
        foreach (ref double score in scores)
            score /= sum;
    }

    static void AddGradient(SparseVector row, ReadOnlySpan<double> dScores, double[] gradient)
    {
        int classCount = dScores.Length;
        var bias = gradient.AsSpan(^classCount);
        for (int k = 0; k < classCount; k++)
            bias[k] += dScores[k];
        for (int i = 0; i < row.Indices.Length; i++)
        {
            var destination = gradient.AsSpan(row.Indices[i] * classCount, classCount);
            for (int k = 0; k < classCount; k++)
                destination[k] += dScores[k] * row.Values[i];
        }
    }
}
