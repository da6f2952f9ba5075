using RnnService.Engine.Layers;
using RnnService.Training.Experiments;

namespace RnnService.Training.Tests.Experiments;

public sealed class SequenceRegressionTests
{
    const int T = 4, B = 3;
    const float Distance = 1f / 64;

    [Theory]
    [InlineData(CellKind.Rnn)]
    [InlineData(CellKind.Lstm)]
    [InlineData(CellKind.Gru)]
    public void Train_EveryWeight_HasTheSlopeOfTheMeanSquaredError(CellKind cell)
    {
        var network = new SequenceRegression(new RecurrentOptions { Cell = cell, Layers = 2, HiddenSize = 4 }, inputSize: 2, T, B);
        network.Initialize(new WeightInitializer(seed: 5, range: 0.8));
        float[] x = new float[T * B * 2], targets = new float[B];
        new AddingProblem(T, seed: 1).Draw(x, targets);

        double error = network.Train(x, targets);
        Assert.Equal(network.Evaluate(x, targets), error);
        foreach (var parameter in network.Parameters)
        {
            for (int index = 0; index < parameter.Value.Length; index++)
            {
                float centre = parameter.Value.Span[index];
                parameter.Value.Span[index] = centre + Distance;
                double above = network.Evaluate(x, targets);
                parameter.Value.Span[index] = centre - Distance;
                double below = network.Evaluate(x, targets);
                parameter.Value.Span[index] = centre;
                Assert.Equal((above - below) / (2 * Distance), parameter.Gradient.Span[index], 1e-3);
            }
        }
    }

    [Fact]
    public void Evaluate_WrongNumberOfTargets_Throws()
    {
        var network = new SequenceRegression(new RecurrentOptions { HiddenSize = 4 }, inputSize: 2, T, B);
        var wrong = Assert.Throws<ArgumentException>(() => network.Evaluate(new float[T * B * 2], new float[2]));
        Assert.StartsWith("expected 3 targets, found 2.", wrong.Message, StringComparison.Ordinal);
    }
}
