using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class HiddenGradientTests
{
    const int T = 6, B = 2, I = 3, H = 5;

    [Fact]
    public void Backward_KeepingHiddenGradients_GivesAtEachStepThatOfTheRestOfTheSequence()
    {
        var (layer, x, dOutput) = Make();
        var tape = layer.CreateTape(T, B);
        tape.KeepHiddenGradients();
        layer.Forward(x.Span, [], tape);
        layer.Backward(x.Span, [], tape, dOutput.Span, layer.CreateState(B), []);
        for (int t = 0; t < T - 1; t++)
        {
            // What follows step t, as a sequence of its own that begins with the state after t.
            int rest = T - 1 - t;
            var restTape = layer.CreateTape(rest, B);
            tape.Hidden.Row(t + 1).CopyTo(restTape.Hidden.Row(0));
            tape.Cell!.Row(t + 1).CopyTo(restTape.Cell!.Row(0));
            var dState = layer.CreateState(B);
            layer.Forward(x.Rows(t + 1, rest), [], restTape);
            layer.Backward(x.Rows(t + 1, rest), [], restTape, dOutput.Rows(t + 1, rest), dState, []);
            float[] expected = [.. dState.Hidden.Span.ToArray().Zip(dOutput.Row(t).ToArray(), (later, here) => later + here)];
            Tolerance.AssertClose(expected, tape.HiddenGradients!.Row(t), 1e-6, $"gradient of h[{t}]");
        }
        Tolerance.AssertSameBits(dOutput.Row(T - 1), tape.HiddenGradients!.Row(T - 1), "gradient of the last h");
    }

    [Fact]
    public void Gate_AfterForward_HasTheGatesThatMakeTheStates()
    {
        var (layer, x, _) = Make();
        var tape = layer.CreateTape(T, B);
        layer.Forward(x.Span, [], tape);
        Assert.Equal(["i", "f", "g", "o"], tape.GateNames);
        for (int t = 0; t < T; t++)
        {
            for (int row = 0; row < B; row++)
            {
                for (int unit = 0; unit < H; unit++)
                {
                    int at = row * H + unit;
                    float[] gate = [.. Enumerable.Range(0, 4).Select(index => tape.Gate(index, t, row)[unit])];
                    double cell = gate[1] * tape.Cell!.Row(t)[at] + gate[0] * gate[2];
                    Tolerance.AssertClose(cell, tape.Cell.Row(t + 1)[at], 1e-6, $"c[{t}]");
                    Tolerance.AssertClose(gate[3] * Math.Tanh(cell), tape.Hidden.Row(t + 1)[at], 1e-6, $"h[{t}]");
                }
            }
        }
    }

    static (RecurrentLayer Layer, Tensor X, Tensor DOutput) Make()
    {
        var parameters = new ParameterSet();
        var layer = new RecurrentLayer(new RecurrentOptions { HiddenSize = H }, I, parameters);
        int seed = 0;
        foreach (var parameter in parameters)
            Some.Fill(parameter.Value.Span, ++seed, 0.8f);
        layer.Pack(forTraining: true);
        return (layer, Sequence(I, seed: 21), Sequence(H, seed: 22));
    }

    static Tensor Sequence(int size, int seed) => Tensor.From(Some.Floats(T * B * size, seed), new Shape(T, B, size));
}
