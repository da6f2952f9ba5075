using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

[Collection(Tiers.Collection)]
public sealed class BidirectionalTests
{
    static RecurrentOptions Options(int hiddenSize, int layers = 1) => new() { HiddenSize = hiddenSize, Layers = layers, Bidirectional = true };

    [Theory, InlineData(false), InlineData(true)]
    public void Forward_OneLayer_IsTwoLayersOneOfWhichReadsEachRowFromItsEnd(bool masked)
    {
        const int T = 5, B = 3, I = 4, H = 6;
        int[] lengths = masked ? [5, 1, 3] : [5, 5, 5];
        var run = new StackRun(Options(H), T, B, I, masked ? lengths : []);
        run.Forward();
        for (int row = 0; row < B; row++)
        {
            for (int direction = 0; direction < 2; direction++)
            {
                float[][] x = [.. Enumerable.Range(0, lengths[row]).Select(t => run.X.Row(t).Slice(row * I, I).ToArray())];
                float[][] expected = Alone(run, direction, row, direction == 0 ? x : [.. x.Reverse()]);
                for (int t = 0; t < lengths[row]; t++)
                {
                    int step = direction == 0 ? t : lengths[row] - 1 - t;
                    var found = run.Output.Slice((step * B + row) * 2 * H + direction * H, H);
                    Tolerance.AssertSameBits(expected[t], found, $"row {row}, direction {direction}, step {step}");
                }
                var last = run.LastState().Layers[direction].Hidden.Row(row);
                Tolerance.AssertSameBits(expected[^1], last, $"row {row}, direction {direction}, last state");
            }
        }
    }

    [Theory, InlineData(2), InlineData(3), InlineData(5)]
    public void Passes_AnyThreadCount_GiveTheSameBits(int threads)
    {
        var (one, many) = (Trained(1), Trained(threads));
        Tolerance.AssertSameBits(one.Output, many.Output, "outputs");
        Tolerance.AssertSameBits(one.Dx.Span, many.Dx.Span, "dx");
        foreach (var (expected, found) in one.Parameters.Zip(many.Parameters))
            Tolerance.AssertSameBits(expected.Gradient.Span, found.Gradient.Span, expected.Name);
    }

    [Fact]
    public void Parameters_TwoLayers_AreNamedAsInPyTorch()
    {
        var parameters = new ParameterSet();
        _ = new RecurrentStack(Options(hiddenSize: 5, layers: 2), 3, parameters);
        string[] kinds = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"], suffixes = ["_l0", "_l0_reverse", "_l1", "_l1_reverse"];
        Assert.Equal(suffixes.SelectMany(suffix => kinds.Select(kind => $"rnn.{kind}{suffix}")), parameters.Select(parameter => parameter.Name));
        Assert.Equal(new Shape(20, 10), parameters["rnn.weight_ih_l1_reverse"].Shape);
    }

    [Fact]
    public void Carry_Bidirectional_Throws()
    {
        var run = new StackRun(Options(hiddenSize: 2), timeSteps: 2, batchSize: 1, inputSize: 1, []);
        Assert.StartsWith("A bidirectional stack", Assert.Throws<InvalidOperationException>(() => run.Tape.Carry(2)).Message);
    }

    [Fact]
    public void Passes_WrongArguments_Throw()
    {
        var run = new StackRun(Options(hiddenSize: 2), timeSteps: 4, batchSize: 2, inputSize: 3, []);
        Assert.Throws<InvalidOperationException>(() => run.Stack.Forward(run.X.Span, [], run.Tape));
        run.Forward();
        var length = Assert.Throws<ArgumentOutOfRangeException>(() => run.Stack.Forward(run.X.Span, [4, 5], run.Tape));
        Assert.StartsWith("length of row 1: expected 0 to 4, found 5.", length.Message);
        var other = run.Stack.CreateState(3);
        Assert.Equal("state: expected shape [2,2], found [3,2].", Assert.Throws<ArgumentException>(() => run.Tape.SetState(other)).Message);
        Assert.Throws<ArgumentException>(() => run.Stack.Backward(run.X.Span, [], run.Tape, new float[4 * 2 * 4], other, []));
        var oneWay = new RecurrentStack(new RecurrentOptions { HiddenSize = 2 }, 3, new ParameterSet()).CreateState(2);
        Assert.Equal("state: expected 2 elements, found 1.", Assert.Throws<ArgumentException>(() => run.Tape.SetState(oneWay)).Message);
    }

    /// <summary>One row of a one-layer run in one direction, by a layer of its own.</summary>
    static float[][] Alone(StackRun run, int direction, int row, float[][] x)
    {
        var layer = run.Stack.Layers[direction];
        var tape = layer.CreateTape(x.Length, 1);
        var state = layer.CreateState(1);
        run.State.Layers[direction].Hidden.Row(row).CopyTo(state.Hidden.Span);
        run.State.Layers[direction].Cell!.Row(row).CopyTo(state.Cell!.Span);
        tape.SetState(state);
        layer.Forward(x.SelectMany(step => step).ToArray(), [], tape);
        return [.. Enumerable.Range(0, x.Length).Select(t => tape.Hidden.Row(t + 1).ToArray())];
    }

    /// <summary>Wide enough for threads to share the units of a direction, where they are many.</summary>
    static StackRun Trained(int threads)
    {
        using var use = new ThreadCount(threads);
        var run = new StackRun(Options(hiddenSize: 96, layers: 2), timeSteps: 6, batchSize: 3, inputSize: 20, [6, 2, 4]);
        run.Forward();
        run.Backward();
        return run;
    }
}
