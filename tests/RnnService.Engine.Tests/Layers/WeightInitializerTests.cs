using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class WeightInitializerTests
{
    const int Inputs = 7, Units = 12;

    static RecurrentLayer Filled(string cell, RecurrentInitialization recurrent = default, double? range = null, double? forgetBias = null, int seed = 1)
    {
        var layer = new RecurrentLayer(Cells.Options(cell, Units), Inputs, new ParameterSet());
        new WeightInitializer(seed, range) { Recurrent = recurrent, ForgetBias = forgetBias }.Fill(layer);
        return layer;
    }

    [Theory, InlineData("lstm", 4), InlineData("gru", 3), InlineData("rnn-tanh", 1), InlineData("jordan-tanh", 1)]
    public void Fill_Orthogonal_EachGatesMatrixKeepsLengthsAndAngles(string cell, int gates)
    {
        var layer = Filled(cell, RecurrentInitialization.Orthogonal);
        Assert.Equal(gates * Units, layer.WeightHidden.Shape[0]);
        foreach (var weights in new[] { layer.WeightHidden, layer.WeightOutput }.OfType<Parameter>())
        {
            for (int first = 0; first < weights.Shape[0]; first += Units)
            {
                for (int i = 0; i < Units; i++)
                {
                    for (int j = 0; j < Units; j++)
                    {
                        double dot = weights.Value.Row(first + i).ToArray().Zip(weights.Value.Row(first + j).ToArray(), (x, y) => (double)x * y).Sum();
                        Assert.Equal(i == j ? 1 : 0, dot, 1e-6);
                    }
                }
            }
        }
        Assert.NotEqual(layer.WeightHidden.Value.Span.ToArray(), Filled(cell, RecurrentInitialization.Orthogonal, seed: 2).WeightHidden.Value.Span.ToArray());
    }

    [Fact]
    public void Fill_Identity_MakesUnitsKeepWhatTheyHave()
    {
        var layer = Filled("rnn-relu", RecurrentInitialization.Identity);
        for (int i = 0; i < Units * Units; i++)
            Assert.Equal(i / Units == i % Units ? 1f : 0f, layer.WeightHidden.Value.Span[i]);
        Assert.All([.. layer.BiasInput.Value.Span, .. layer.BiasHidden.Value.Span], bias => Assert.Equal(0f, bias));
        float[] inputs = layer.WeightInput.Value.Span.ToArray();
        Assert.InRange(Math.Sqrt(inputs.Average(weight => weight * weight)), 0.0007, 0.0013);
        Assert.InRange(inputs.Average(), -0.0004, 0.0004);
    }

    [Fact]
    public void Fill_NothingSaid_IsUniformAndOpensForgetGates()
    {
        var layer = Filled("lstm");
        float range = 1 / MathF.Sqrt(Units);
        Assert.All([.. layer.WeightInput.Value.Span, .. layer.WeightHidden.Value.Span], weight => Assert.InRange(weight, -range, range));
        Assert.Equal(Biases(input: 0, forget: 1), layer.BiasInput.Value.Span.ToArray());
        Assert.Equal(new float[4 * Units], layer.BiasHidden.Value.Span.ToArray());
    }

    [Fact]
    public void Fill_ForgetBias_IsTheSumOfBothBiases()
    {
        Assert.Equal(Biases(input: 0, forget: 2.5f), Filled("lstm", forgetBias: 2.5).BiasInput.Value.Span.ToArray());
        var layer = Filled("lstm", range: 0.3, forgetBias: 2.5);
        Assert.All(layer.BiasInput.Value.Span[Units..(2 * Units)].ToArray(), bias => Assert.Equal(2.5f, bias));
        Assert.All(layer.BiasHidden.Value.Span[Units..(2 * Units)].ToArray(), bias => Assert.Equal(0f, bias));
        Assert.All(layer.BiasInput.Value.Span[..Units].ToArray(), bias => Assert.NotEqual(0f, bias));
    }

    [Fact]
    public void Fill_ARange_HoldsForBiasesToo()
    {
        var layer = Filled("lstm", range: 0.02);
        foreach (var parameter in layer.Parameters)
        {
            float[] weights = parameter.Value.Span.ToArray();
            Assert.InRange(weights.Max(Math.Abs), 0.015f, 0.02f);
        }
    }

    static float[] Biases(float input, float forget) =>
        [.. Enumerable.Repeat(input, Units), .. Enumerable.Repeat(forget, Units), .. Enumerable.Repeat(input, 2 * Units)];
}
