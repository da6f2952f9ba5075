using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class LinearTests
{
    const int Rows = 4, I = 6, O = 9;

    readonly ParameterSet _parameters = new();
    readonly Linear _linear;
    readonly Tensor _x = Tensor.From(Some.Floats(Rows * I), new Shape(Rows, I));
    readonly float[] _lossWeights = Some.Floats(Rows * O, seed: 4, scale: 2f);

    public LinearTests()
    {
        _linear = new Linear(I, O, _parameters, "output");
        Some.Fill(_linear.Weight.Value.Span, seed: 2);
        Some.Fill(_linear.Bias.Value.Span, seed: 3);
        _linear.Pack();
    }

    [Fact]
    public void Forward_Rows_MatchTheDefinition()
    {
        float[] actual = new float[Rows * O];
        _linear.Forward(_x.Span, Rows, actual);
        Tolerance.AssertClose(Output(), actual, 1e-6, "output");
    }

    [Fact]
    public void Forward_Int8Weights_RoundALittleAndNoMore()
    {
        float[] exact = new float[Rows * O], rounded = new float[Rows * O], again = new float[Rows * O];
        _linear.Forward(_x.Span, Rows, exact);
        _linear.Pack(WeightType.Int8);
        _linear.Forward(_x.Span, Rows, rounded);
        Assert.NotEqual(exact, rounded);
        Tolerance.AssertClose(exact, rounded, 0.05, "rounded");
        _linear.Pack();
        _linear.Forward(_x.Span, Rows, again);
        Assert.Equal(exact, again);
    }

    [Fact]
    public void Backward_EveryInput_MatchesFiniteDifferences()
    {
        var dx = new Tensor(Rows, I);
        _linear.Backward(_x.Span, Rows, _lossWeights, dx.Span);
        double Loss() => Output().Zip(_lossWeights, (x, w) => x * w).Sum();
        GradientCheck.Run("x", _x, dx, Loss, 1e-5);
        GradientCheck.Run("weight", _linear.Weight.Value, _linear.Weight.Gradient, Loss, 1e-5);
        GradientCheck.Run("bias", _linear.Bias.Value, _linear.Bias.Gradient, Loss, 1e-5);
    }

    [Fact]
    public void Backward_TiedWeight_CollectsBothGradientsInAnyOrder()
    {
        int[] tokens = [2, 5, 2, 8];
        float[][] gradients = new float[2][];
        for (int order = 0; order < 2; order++)
        {
            var parameters = new ParameterSet();
            var embedding = new Embedding(O, I, parameters);
            var tied = new Linear(I, O, parameters, "output", embedding.Weight);
            Assert.Equal(["embedding.weight", "output.bias"], parameters.Select(parameter => parameter.Name));
            // A stale gradient, then zeroed: whoever writes first must not add to it.
            embedding.Weight.Gradient.Span.Fill(100f);
            parameters.ZeroGradients();
            if (order == 0)
                tied.Backward(_x.Span, Rows, _lossWeights, []);
            embedding.Backward(tokens, DropoutMask.None, _x.Span);
            if (order == 1)
                tied.Backward(_x.Span, Rows, _lossWeights, []);
            gradients[order] = embedding.Weight.Gradient.Span.ToArray();
        }
        Tolerance.AssertClose(gradients[0], gradients[1], 1e-6, "gradient");
        double expected = _x.Row(1)[0] + Enumerable.Range(0, Rows).Sum(row => (double)_lossWeights[row * O + 5] * _x.Row(row)[0]);
        Tolerance.AssertClose(expected, gradients[0][5 * I], 1e-6, "one element");
    }

    [Fact]
    public void Constructor_SharedWeightOfAnotherShape_Throws()
    {
        var weight = new Parameter("embedding.weight", new Tensor(O, I + 1));
        var error = Assert.Throws<ArgumentException>(() => new Linear(I, O, new ParameterSet(), "output", weight));
        Assert.Equal("sharedWeight: expected shape [9,6], found [9,7].", error.Message);
    }

    [Fact]
    public void Forward_WithoutPackedWeights_Throws()
    {
        var linear = new Linear(I, O, new ParameterSet(), "output");
        Assert.Throws<InvalidOperationException>(() => linear.Forward(_x.Span, Rows, new float[Rows * O]));
    }

    double[] Output()
    {
        double[] output = new double[Rows * O];
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = _linear.Bias.Value.Span[i % O];
            for (int k = 0; k < I; k++)
                output[i] += (double)_x.Row(i / O)[k] * _linear.Weight.Value.Row(i % O)[k];
        }
        return output;
    }
}
