using RnnService.Engine.Layers;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Optimizers;

public sealed class FrozenParameterTests
{
    public static TheoryData<CellKind> Cells => [CellKind.Lstm, CellKind.Gru, CellKind.Rnn];

    [Theory, MemberData(nameof(Cells))]
    public void Backward_FrozenStack_GivesTheSameInputGradientAndNoOther(CellKind cell)
    {
        const int T = 3, B = 2, I = 4;
        var parameters = new ParameterSet();
        var stack = new RecurrentStack(new RecurrentOptions { Cell = cell, Layers = 2, HiddenSize = 5 }, I, parameters);
        foreach (var parameter in parameters)
            Some.Fill(parameter.Value.Span, parameter.Name.Length);
        stack.Pack(forTraining: true);
        float[] x = Some.Floats(T * B * I), dOutput = Some.Floats(T * B * 5, seed: 2);

        float[] expected = InputGradient();
        float[][] gradients = Gradients();
        Assert.All(gradients, gradient => Assert.Contains(gradient, value => value != 0));
        foreach (var parameter in parameters)
            parameter.IsFrozen = true;
        Tolerance.AssertSameBits(expected, InputGradient(), "dx");
        Assert.Equal(gradients, Gradients());

        float[] InputGradient()
        {
            var tape = stack.CreateTape(T, B);
            float[] dx = new float[x.Length];
            stack.Forward(x, [], tape);
            stack.Backward(x, [], tape, dOutput, dState: null, dx);
            return dx;
        }

        float[][] Gradients() => [.. parameters.Select(parameter => parameter.Gradient.Span.ToArray())];
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Step_FrozenParameter_StaysAndDoesNotCount(bool adam)
    {
        var parameters = new ParameterSet();
        var (moving, frozen) = (parameters.Add(new Parameter("moving", new Tensor(3))), parameters.Add(new Parameter("frozen", new Tensor(3))));
        frozen.IsFrozen = true;
        foreach (var parameter in parameters)
        {
            parameter.Value.Span.Fill(1);
            parameter.Gradient.Span.Fill(2);
        }
        IOptimizer optimizer = adam ? new Adam(parameters, weightDecay: 0.1f) : new Sgd(parameters, momentum: 0.5f, weightDecay: 0.1f);
        Assert.Equal(Math.Sqrt(12), GradientClipping.ClipGlobalNorm(parameters, 1), 1e-6);
        optimizer.Step(parameters, 0.1f);
        Assert.Equal([1f, 1f, 1f], frozen.Value.Span.ToArray());
        Assert.Equal([2f, 2f, 2f], frozen.Gradient.Span.ToArray());
        Assert.All(moving.Value.Span.ToArray(), value => Assert.True(value < 1));
    }
}
