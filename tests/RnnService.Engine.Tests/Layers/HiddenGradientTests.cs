using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class HiddenGradientTests
{
    const int T = 6, B = 2, I = 3, H = 5;

    [Theory]
    [InlineData(CellKind.Lstm)]
    [InlineData(CellKind.Gru)]
    [InlineData(CellKind.Rnn)]
    public void Backward_KeepingHiddenGradients_GivesAtEachStepThatOfTheRestOfTheSequence(CellKind cell)
    {
        var (layer, x, dOutput) = Make(cell);
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
            tape.Cell?.Row(t + 1).CopyTo(restTape.Cell!.Row(0));
            var dState = layer.CreateState(B);
            layer.Forward(x.Rows(t + 1, rest), [], restTape);
            layer.Backward(x.Rows(t + 1, rest), [], restTape, dOutput.Rows(t + 1, rest), dState, []);
            float[] expected = [.. dState.Hidden.Span.ToArray().Zip(dOutput.Row(t).ToArray(), (later, here) => later + here)];
            Tolerance.AssertClose(expected, tape.HiddenGradients!.Row(t), 1e-6, $"gradient of h[{t}]");
        }
        Tolerance.AssertSameBits(dOutput.Row(T - 1), tape.HiddenGradients!.Row(T - 1), "gradient of the last h");
    }

    [Fact]
    public void Gate_OfAnLstm_MakesItsStates()
    {
        var (tape, hidden, cell) = Forward(CellKind.Lstm);
        Assert.Equal(["i", "f", "g", "o"], tape.GateNames);
        foreach (var (t, row, unit) in Places())
        {
            double[] gate = [.. Enumerable.Range(0, 4).Select(index => (double)tape.Gate(index, t, row)[unit])];
            int at = row * H + unit;
            double expected = gate[1] * cell!.Row(t)[at] + gate[0] * gate[2];
            Tolerance.AssertClose(expected, cell.Row(t + 1)[at], 1e-6, $"c[{t}]");
            Tolerance.AssertClose(gate[3] * Math.Tanh(expected), hidden.Row(t + 1)[at], 1e-6, $"h[{t}]");
        }
    }

    [Fact]
    public void Gate_OfAGru_MakesItsState()
    {
        var (tape, hidden, _) = Forward(CellKind.Gru);
        Assert.Equal(["r", "z", "n"], tape.GateNames);
        foreach (var (t, row, unit) in Places())
        {
            double z = tape.Gate(1, t, row)[unit], n = tape.Gate(2, t, row)[unit];
            int at = row * H + unit;
            Tolerance.AssertClose((1 - z) * n + z * hidden.Row(t)[at], hidden.Row(t + 1)[at], 1e-6, $"h[{t}]");
            Assert.InRange(tape.Gate(0, t, row)[unit], 0, 1);
        }
    }

    [Fact]
    public void GateNames_OfASimpleRecurrentNetwork_AreNone() => Assert.Empty(Forward(CellKind.Rnn).Tape.GateNames);

    static (RecurrentTape Tape, Tensor Hidden, Tensor? Cell) Forward(CellKind cell)
    {
        var (layer, x, _) = Make(cell);
        var tape = layer.CreateTape(T, B);
        layer.Forward(x.Span, [], tape);
        return (tape, tape.Hidden, tape.Cell);
    }

    static IEnumerable<(int Step, int Row, int Unit)> Places() =>
        from step in Enumerable.Range(0, T) from row in Enumerable.Range(0, B) from unit in Enumerable.Range(0, H) select (step, row, unit);

    static (RecurrentLayer Layer, Tensor X, Tensor DOutput) Make(CellKind cell)
    {
        var parameters = new ParameterSet();
        var layer = new RecurrentLayer(new RecurrentOptions { Cell = cell, HiddenSize = H }, I, parameters);
        int seed = 0;
        foreach (var parameter in parameters)
            Some.Fill(parameter.Value.Span, ++seed, 0.8f);
        layer.Pack(forTraining: true);
        return (layer, Sequence(I, seed: 21), Sequence(H, seed: 22));
    }

    static Tensor Sequence(int size, int seed) => Tensor.From(Some.Floats(T * B * size, seed), new Shape(T, B, size));
}
