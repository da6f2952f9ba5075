using RnnService.Training.Data;

namespace RnnService.Training.Tests.Data;

public sealed class BpttBatchesTests
{
    const int None = BpttBatches.NoTarget;

    // Token i is the number i, so a window is read off directly. Rows are time steps, columns the batch.
    [Fact]
    public void Fill_StreamThatDividesEvenly_CutsColumnsAndWindows()
    {
        var batches = new BpttBatches(Stream(9), batchSize: 2, timeSteps: 3);
        Assert.Equal(2, batches.WindowCount);
        AssertWindow(batches, 0, [[0, 4], [1, 5], [2, 6]], [[1, 5], [2, 6], [3, 7]]);
        AssertWindow(batches, 1, [[3, 7]], [[4, 8]]);
    }

    [Fact]
    public void Fill_StreamThatDoesNotDivide_FillsTheLastColumnWithUncountedPlaces()
    {
        var batches = new BpttBatches(Stream(8), batchSize: 3, timeSteps: 2);
        AssertWindow(batches, 0, [[0, 3, 6], [1, 4, 0]], [[1, 4, 7], [2, 5, None]]);
        AssertWindow(batches, 1, [[2, 5, 0]], [[3, 6, None]]);
    }

    [Fact]
    public void Fill_MoreColumnsThanTokens_CountsEachOnce() =>
        AssertWindow(new BpttBatches(Stream(3), batchSize: 4, timeSteps: 5), 0, [[0, 1, 0, 0]], [[1, 2, None, None]]);

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(100, 7, 4)]
    [InlineData(101, 10, 10)]
    [InlineData(37, 1, 35)]
    public void Fill_AllWindows_PredictEveryTokenButTheFirstOnce(int length, int batchSize, int timeSteps)
    {
        var batches = new BpttBatches(Stream(length), batchSize, timeSteps);
        int[] inputs = new int[timeSteps * batchSize], targets = new int[inputs.Length];
        List<int> predicted = [];
        for (int window = 0; window < batches.WindowCount; window++)
        {
            int steps = batches.Fill(window, inputs, targets);
            for (int place = 0; place < steps * batchSize; place++)
            {
                if (targets[place] == None)
                    continue;
                Assert.Equal(targets[place] - 1, inputs[place]);
                predicted.Add(targets[place]);
            }
        }
        Assert.Equal(Enumerable.Range(1, length - 1), predicted.Order());
        Assert.Equal(batches.PredictionCount, predicted.Count);
    }

    static int[] Stream(int length) => [.. Enumerable.Range(0, length)];

    static void AssertWindow(BpttBatches batches, int window, int[][] inputs, int[][] targets)
    {
        int[] actualInputs = new int[batches.TimeSteps * batches.BatchSize], actualTargets = new int[actualInputs.Length];
        int count = batches.Fill(window, actualInputs, actualTargets) * batches.BatchSize;
        Assert.Equal(inputs.SelectMany(row => row), actualInputs[..count]);
        Assert.Equal(targets.SelectMany(row => row), actualTargets[..count]);
    }
}
