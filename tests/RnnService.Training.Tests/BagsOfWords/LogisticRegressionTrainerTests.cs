using RnnService.Models.BagsOfWords;
using RnnService.Training.BagsOfWords;

namespace RnnService.Training.Tests.BagsOfWords;

public sealed class LogisticRegressionTrainerTests
{
    const double Trust = 3;

    [Fact]
    public void Minimize_IllConditionedQuadratic_FindsTheMinimum()
    {
        // f(x) = sum of (i+1)² (x_i - i)² / 2: curvatures 1 to 400
        double[] x = new double[20];
        double Gradient(int i) => (i + 1) * (i + 1) * (x[i] - i);
        double Length() => Math.Sqrt(Enumerable.Range(0, x.Length).Sum(i => Gradient(i) * Gradient(i)));
        double start = Length();
        int calls = 0;
        Lbfgs.Minimize(x, gradient =>
        {
            calls++;
            for (int i = 0; i < x.Length; i++)
                gradient[i] = Gradient(i);
            return x.Select((xi, i) => (xi - i) * Gradient(i) / 2).Sum();
        });
        Assert.True(Length() <= 1e-4 * start, $"gradient {Length()} of {start}");
        Assert.True(calls < 100, $"{calls} calls: gradient descent takes hundreds");
    }

    [Fact]
    public void Train_AtTheMinimum_ProbabilitiesOfAClassAddUpToItsCount()
    {
        // The bias is not regularised, so at the minimum its gradient, expected minus counted, is 0; with a constant vector that is the class's share.
        SparseVector[] rows = [.. Enumerable.Repeat(new SparseVector([0], [1f]), 10)];
        int[] labels = [0, 1, 1, 2, 0, 1, 1, 0, 1, 1];
        double[] probabilities = LogisticRegressionTrainer.Train(rows, labels, featureCount: 1, classCount: 3, Trust).Probabilities(rows[0]);
        Assert.Equal([0.3, 0.6, 0.1], probabilities.Select(probability => Math.Round(probability, 3)));
    }

    [Fact]
    public void Train_ThreeClasses_LearnsWhatTellsThemApart()
    {
        SparseVector[] rows = [.. Enumerable.Range(0, 60).Select(i => new SparseVector([i % 3, 3 + i % 5], [1f, 0.5f]))];
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 3)];
        var model = LogisticRegressionTrainer.Train(rows, labels, featureCount: 8, classCount: 3, Trust);
        Assert.Equal(labels, rows.Select(model.Predict));
    }

    [Fact]
    public void Train_UselessFeatures_FallsBackToTheMostFrequentClass()
    {
        SparseVector[] rows = [.. Enumerable.Repeat(new SparseVector([0], [1f]), 10)];
        var model = LogisticRegressionTrainer.Train(rows, [0, 1, 1, 1, 0, 1, 1, 0, 1, 1], featureCount: 1, classCount: 2, Trust);
        Assert.Equal(1, model.Predict(rows[0]));
        Assert.Equal(1, model.Predict(new SparseVector([], [])));
    }
}
