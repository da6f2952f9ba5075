using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;
using RnnService.Engine.Tests.Threading;

namespace RnnService.Engine.Tests.Layers;

[Collection(Tiers.Collection)]
public sealed class LstmLayerTests
{
    [Theory, ClassData(typeof(Tiers))]
    public void Forward_OddSizes_EqualsThePlainLoop(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        foreach (var (timeSteps, batchSize, inputSize, hiddenSize) in new[] { (1, 1, 1, 1), (4, 3, 5, 7), (2, 1, 33, 40), (3, 8, 17, 67), (7, 2, 4, 130) })
        {
            AssertEqualsReference(new LstmCase(timeSteps, batchSize, inputSize, hiddenSize));
            AssertEqualsReference(new LstmCase(timeSteps, batchSize, inputSize, hiddenSize, LengthsFor(timeSteps, batchSize)));
        }
    }

    [Fact]
    public void Forward_RowsPastTheirLength_CarryTheirState()
    {
        const int TimeSteps = 5, HiddenSize = 9;
        int[] lengths = [5, 0, 2];
        var lstm = new LstmCase(TimeSteps, lengths.Length, 4, HiddenSize, lengths);
        lstm.Forward();
        for (int row = 0; row < lengths.Length; row++)
        {
            for (int t = lengths[row]; t < TimeSteps; t++)
            {
                var range = (row * HiddenSize)..((row + 1) * HiddenSize);
                Tolerance.AssertSameBits(lstm.Tape.Hidden.Row(t)[range], lstm.Tape.Hidden.Row(t + 1)[range], $"hidden state of row {row} after step {t}");
                Tolerance.AssertSameBits(lstm.Tape.Cell.Row(t)[range], lstm.Tape.Cell.Row(t + 1)[range], $"cell state of row {row} after step {t}");
            }
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Backward_EveryInput_MatchesDifferences(SimdTier tier)
    {
        using var use = SimdTiers.Use(tier);
        AssertGradients(new LstmCase(timeSteps: 3, batchSize: 2, inputSize: 3, hiddenSize: 5));
    }

    [Fact]
    public void Backward_WithLengths_MatchesDifferences() =>
        AssertGradients(new LstmCase(timeSteps: 4, batchSize: 3, inputSize: 2, hiddenSize: 3, lengths: [4, 0, 2]));

    [Fact]
    public void Backward_WideLayer_MatchesDifferencesOfTheInitialState()
    {
        // Units enough for every vector width and a rest; the parameters' own gradients are sums over the same gate gradients.
        var lstm = new LstmCase(timeSteps: 3, batchSize: 2, inputSize: 2, hiddenSize: 67);
        lstm.Forward();
        lstm.Backward();
        GradientCheck.Run(lstm.ReferenceLoss, lstm.InitialHidden, lstm.DHidden, "initial hidden state");
        GradientCheck.Run(lstm.ReferenceLoss, lstm.InitialCell, lstm.DCell, "initial cell state");
        GradientCheck.Run(lstm.ReferenceLoss, lstm.X, lstm.DX, "x");
    }

    [Fact]
    public void Backward_CalledTwice_AddsToTheGradients()
    {
        var once = new LstmCase(4, 2, 3, 5);
        once.Forward();
        once.Backward();
        var twice = new LstmCase(4, 2, 3, 5);
        for (int pass = 0; pass < 2; pass++)
        {
            twice.Forward();
            twice.Backward();
        }
        foreach (var parameter in once.Parameters)
        {
            double[] doubled = [.. parameter.Gradient.Span.ToArray().Select(value => 2.0 * value)];
            Tolerance.AssertClose(doubled, twice.Parameters[parameter.Name].Gradient.Span, 1e-5, parameter.Name);
        }
        twice.Parameters.ZeroGradients();
        twice.Forward();
        twice.Backward();
        foreach (var parameter in once.Parameters)
            Tolerance.AssertSameBits(parameter.Gradient.Span, twice.Parameters[parameter.Name].Gradient.Span, parameter.Name);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void ForwardAndBackward_AnyThreadCount_GiveTheSameBits(int threads)
    {
        var one = Run(1);
        var many = Run(threads);
        Tolerance.AssertSameBits(one.Tape.Hidden.Span, many.Tape.Hidden.Span, "hidden states");
        Tolerance.AssertSameBits(one.Tape.Cell.Span, many.Tape.Cell.Span, "cell states");
        Tolerance.AssertSameBits(one.DX, many.DX, "dx");
        Tolerance.AssertSameBits(one.DHidden, many.DHidden, "dHidden");
        Tolerance.AssertSameBits(one.DCell, many.DCell, "dCell");
        foreach (var parameter in one.Parameters)
            Tolerance.AssertSameBits(parameter.Gradient.Span, many.Parameters[parameter.Name].Gradient.Span, parameter.Name);

        static LstmCase Run(int threads)
        {
            using var use = ThreadCount.Use(threads);
            var lstm = new LstmCase(timeSteps: 5, batchSize: 7, inputSize: 70, hiddenSize: 203, LengthsFor(5, 7));
            lstm.Forward();
            lstm.Backward();
            return lstm;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ForwardAndBackward_AfterWarmUp_AllocateNothing(int threads)
    {
        using var use = ThreadCount.Use(threads);
        var lstm = new LstmCase(timeSteps: 3, batchSize: 4, inputSize: 40, hiddenSize: 64);
        void Step()
        {
            lstm.Parameters.ZeroGradients();
            lstm.Forward();
            lstm.Backward();
        }
        Assert.Equal(0, Allocations.Of(Step));
    }

    [Fact]
    public void Forward_FewerStepsThanTheTape_EqualsATapeOfThatSize()
    {
        var small = new LstmCase(2, 3, 4, 5);
        small.Forward();
        var large = new LstmTape(9, 3, 5);
        small.InitialHidden.CopyTo(large.Hidden.Row(0));
        small.InitialCell.CopyTo(large.Cell.Row(0));
        small.Layer.Forward(small.X, [], large);
        Tolerance.AssertSameBits(small.Tape.Outputs(2), large.Outputs(2), "outputs");
    }

    [Fact]
    public void Forward_WrongSizes_NamesTheArgument()
    {
        var lstm = new LstmCase(2, 3, 4, 5);
        lstm.Layer.Pack(forTraining: false);
        Assert.StartsWith("x:", Assert.Throws<ArgumentException>(() => lstm.Layer.Forward(lstm.X.AsSpan(1), [], lstm.Tape)).Message);
        Assert.StartsWith("x:", Assert.Throws<ArgumentException>(() => lstm.Layer.Forward(new float[3 * 3 * 4], [], lstm.Tape)).Message);
        Assert.StartsWith("lengths:", Assert.Throws<ArgumentException>(() => lstm.Layer.Forward(lstm.X, [1, 2], lstm.Tape)).Message);
        Assert.StartsWith("tape:", Assert.Throws<ArgumentException>(() => lstm.Layer.Forward(lstm.X, [], new LstmTape(2, 3, 6))).Message);
    }

    [Fact]
    public void Passes_WithoutPackedWeights_Throw()
    {
        var lstm = new LstmCase(2, 3, 4, 5);
        Assert.Throws<InvalidOperationException>(() => lstm.Layer.Forward(lstm.X, [], lstm.Tape));
        lstm.Layer.Pack(forTraining: false);
        lstm.Layer.Forward(lstm.X, [], lstm.Tape);
        Assert.Throws<InvalidOperationException>(lstm.Backward);
    }

    [Fact]
    public void Gradients_GateOrder_IsThatOfTheNamedParameters()
    {
        // A forget gate that is shut makes the initial cell state irrelevant, an open one keeps it: only f has that effect.
        Assert.Equal(0, FinalCell(forgetBias: -100), 1e-6);
        Assert.Equal(3, FinalCell(forgetBias: 100), 1e-6);

        static double FinalCell(float forgetBias)
        {
            var parameters = new ParameterSet();
            var layer = new LstmLayer(1, 1, parameters);
            parameters["rnn.bias_ih_l0"].Value.Span[1] = forgetBias;
            layer.Pack(forTraining: false);
            var tape = new LstmTape(1, 1, 1);
            tape.Cell.Row(0)[0] = 3f;
            layer.Forward([1f], [], tape);
            return tape.Cell.Row(1)[0];
        }
    }

    static int[] LengthsFor(int timeSteps, int batchSize) => [.. Enumerable.Range(0, batchSize).Select(row => (row * 2 + 1) % (timeSteps + 1))];

    static void AssertEqualsReference(LstmCase lstm)
    {
        lstm.Forward();
        var (output, hidden, cell) = lstm.Reference();
        string what = $"x [{lstm.X.Length}], H = {lstm.Layer.HiddenSize}, {lstm.Lengths.Length} lengths";
        int steps = lstm.Tape.TimeSteps;
        Tolerance.AssertClose(output, lstm.Tape.Outputs(steps), 3e-6, $"outputs, {what}");
        Tolerance.AssertClose(hidden, lstm.Tape.Hidden.Row(steps), 3e-6, $"last hidden state, {what}");
        Tolerance.AssertClose(cell, lstm.Tape.Cell.Row(steps), 3e-6, $"last cell state, {what}");
    }

    static void AssertGradients(LstmCase lstm)
    {
        lstm.Forward();
        lstm.Backward();
        foreach (var parameter in lstm.Parameters)
            GradientCheck.Run(lstm.ReferenceLoss, parameter.Value.Span, parameter.Gradient.Span, parameter.Name);
        GradientCheck.Run(lstm.ReferenceLoss, lstm.X, lstm.DX, "x");
        GradientCheck.Run(lstm.ReferenceLoss, lstm.InitialHidden, lstm.DHidden, "initial hidden state");
        GradientCheck.Run(lstm.ReferenceLoss, lstm.InitialCell, lstm.DCell, "initial cell state");
    }
}
