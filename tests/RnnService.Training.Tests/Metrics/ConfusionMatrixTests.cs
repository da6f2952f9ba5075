using RnnService.Training.Metrics;

namespace RnnService.Training.Tests.Metrics;

public sealed class ConfusionMatrixTests
{
    // from sklearn.metrics import *; t=[0,0,0,1,1,2,2,2,2,0]; p=[0,1,0,1,2,2,2,0,2,0]
    // accuracy_score(t,p), f1_score(t,p,average='macro'), precision_recall_fscore_support(t,p)
    // checked by hand: class 0 has 3 of 4 predictions and 3 of 4 occurrences right, class 1 one of two and one of two, class 2 three of four
    static readonly ConfusionMatrix s_matrix = ConfusionMatrix.Of(
        ["negative", "neutral", "positive", "never"], [0, 0, 0, 1, 1, 2, 2, 2, 2, 0], [0, 1, 0, 1, 2, 2, 2, 0, 2, 0]);

    [Fact]
    public void Of_Predictions_CountsEachPair()
    {
        Assert.Equal([3, 1, 0], [s_matrix[0, 0], s_matrix[0, 1], s_matrix[0, 2]]);
        Assert.Equal([0, 1, 1], [s_matrix[1, 0], s_matrix[1, 1], s_matrix[1, 2]]);
        Assert.Equal([1, 0, 3], [s_matrix[2, 0], s_matrix[2, 1], s_matrix[2, 2]]);
        Assert.Equal(10, s_matrix.Total);
    }

    [Fact]
    public void Measures_FollowFromTheCounts()
    {
        Assert.Equal(0.7, s_matrix.Accuracy, 12);
        Assert.Equal([0.75, 0.5, 0.75, 0], Enumerable.Range(0, 4).Select(s_matrix.Precision));
        Assert.Equal([0.75, 0.5, 0.75, 0], Enumerable.Range(0, 4).Select(s_matrix.Recall));
        // A class that neither occurs nor was predicted is left out of the mean.
        Assert.Equal(2.0 / 3, s_matrix.MacroF1, 12);
    }

    [Fact]
    public void MacroF1_RareClassNeverFound_CountsAsMuchAsTheCommonOne()
    {
        var matrix = ConfusionMatrix.Of(["a", "b"], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], new int[10]);
        Assert.Equal(0.9, matrix.Accuracy, 12);
        Assert.Equal(0.9 * 2 / 1.9 / 2, matrix.MacroF1, 12);
    }
}
