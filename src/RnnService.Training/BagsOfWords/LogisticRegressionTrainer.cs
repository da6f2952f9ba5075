using RnnService.Models.BagsOfWords;

namespace RnnService.Training.BagsOfWords;

/// <summary>
/// Finds the weights W [C,F] and biases b [C] of a logistic regression that minimise
/// <c>sum over texts of -log softmax(W x + b)[class] + |W|²/(2 C)</c>, by L-BFGS (Liu and Nocedal 1989). The objective is convex: the
/// result depends on the data and, as the search may stop early, slightly on its order, but not on a seed.
/// </summary>
static class LogisticRegressionTrainer
{
    /// <summary>Finds the minimum.</summary>
    /// <param name="rows">[n] vectors</param>
    /// <param name="classes">[n] their classes</param>
    /// <param name="featureCount">F</param>
    /// <param name="classCount">number of classes</param>
    /// <param name="trust">C, the trust in the data</param>
    public static LogisticRegression Train(SparseVector[] rows, int[] classes, int featureCount, int classCount, double trust)
    {
        double[] weights = new double[(featureCount + 1) * classCount];   // the last row is the bias
        double[] scores = new double[classCount];
        Lbfgs.Minimize(weights, Objective);
        return new LogisticRegression([.. weights.Select(weight => (float)weight)], classCount);

        // The objective and its gradient at the current weights.
        double Objective(double[] gradient)
        {
            int regularised = featureCount * classCount;
            double penalty = 0;
            for (int i = 0; i < regularised; i++)
            {
                penalty += weights[i] * weights[i];
                gradient[i] = weights[i] / trust;
            }
            Array.Clear(gradient, regularised, classCount);
            double loss = penalty / (2 * trust);
            for (int row = 0; row < rows.Length; row++)
            {
                Score(rows[row]);
                LogisticRegression.Softmax(scores);
                loss -= Math.Log(Math.Max(scores[classes[row]], double.Epsilon));
                scores[classes[row]] -= 1;   // now the gradient of the loss with respect to the scores
                AddGradient(rows[row], scores, gradient);
            }
            return loss;
        }

        void Score(SparseVector row)
        {
            weights.AsSpan(^classCount).CopyTo(scores);
            for (int i = 0; i < row.Indices.Length; i++)
            {
                var ofFeature = weights.AsSpan(row.Indices[i] * classCount, classCount);
                for (int c = 0; c < scores.Length; c++)
                    scores[c] += ofFeature[c] * row.Values[i];
            }
        }
    }

    static void AddGradient(SparseVector row, ReadOnlySpan<double> dScores, double[] gradient)
    {
        int classCount = dScores.Length;
        var bias = gradient.AsSpan(^classCount);
        for (int c = 0; c < classCount; c++)
            bias[c] += dScores[c];
        for (int i = 0; i < row.Indices.Length; i++)
        {
            var destination = gradient.AsSpan(row.Indices[i] * classCount, classCount);
            for (int c = 0; c < classCount; c++)
                destination[c] += dScores[c] * row.Values[i];
        }
    }
}
