using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

[Collection(Tiers.Collection)]
public sealed class LinearTests
{
    [Theory, ClassData(typeof(Tiers))]
    public void Forward_OddSizes_EqualsTheReference(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (var (rows, inputSize, outputSize) in new[] { (1, 1, 1), (3, 5, 7), (1, 33, 130), (30, 17, 67) })
        {
            var (layer, _) = Make(inputSize, outputSize);
            float[] x = Some.Floats(rows * inputSize, 3), expected = new float[rows * outputSize], output = new float[rows * outputSize];
            for (int row = 0; row < rows; row++)
                layer.Bias.Value.Span.CopyTo(expected.AsSpan(row * outputSize));
            ReferenceKernels.GemmNT(x, layer.Weight.Value.Span, rows, outputSize, inputSize, accumulate: true, expected);
            layer.Forward(x, rows, output);
            Tolerance.AssertClose(expected, output, 3e-6, $"{rows} rows, {inputSize} to {outputSize}");
        }
    }

    [Fact]
    public void Backward_EveryInput_MatchesDifferences()
    {
        const int Rows = 3, InputSize = 5, OutputSize = 4;
        var (layer, parameters) = Make(InputSize, OutputSize);
        float[] x = Some.Floats(Rows * InputSize, 3), dOutput = Some.Floats(Rows * OutputSize, 4), dx = new float[x.Length];
        layer.Backward(x, Rows, dOutput, dx);
        foreach (var parameter in parameters)
            GradientCheck.Run(Loss, parameter.Value.Span, parameter.Gradient.Span, parameter.Name);
        GradientCheck.Run(Loss, x, dx, "x");

        double Loss()
        {
            double loss = 0;
            for (int row = 0; row < Rows; row++)
            {
                for (int output = 0; output < OutputSize; output++)
                {
                    double y = layer.Bias.Value.Span[output];
                    for (int input = 0; input < InputSize; input++)
                        y += (double)layer.Weight.Value.Span[output * InputSize + input] * x[row * InputSize + input];
                    loss += y * dOutput[row * OutputSize + output];
                }
            }
            return loss;
        }
    }

    [Fact]
    public void SharedWeight_IsUsedAndNotAddedAgain()
    {
        var parameters = new ParameterSet();
        var embedding = new Embedding(7, 3, parameters);
        var layer = new Linear(3, 7, parameters, "output", embedding.Weight);
        Assert.Same(embedding.Weight, layer.Weight);
        Assert.Equal(["embedding.weight", "output.bias"], parameters.Select(parameter => parameter.Name));
        Assert.Throws<ArgumentException>(() => new Linear(4, 7, new ParameterSet(), "output", embedding.Weight));
    }

    [Fact]
    public void Forward_WithoutPackedWeights_Throws()
    {
        var layer = new Linear(3, 2, new ParameterSet(), "output");
        Assert.Throws<InvalidOperationException>(() => layer.Forward(new float[3], 1, new float[2]));
    }

    static (Linear Layer, ParameterSet Parameters) Make(int inputSize, int outputSize)
    {
        var parameters = new ParameterSet();
        var layer = new Linear(inputSize, outputSize, parameters, "output");
        Some.Fill(layer.Weight.Value.Span, 1);
        Some.Fill(layer.Bias.Value.Span, 2);
        layer.Pack();
        return (layer, parameters);
    }
}
