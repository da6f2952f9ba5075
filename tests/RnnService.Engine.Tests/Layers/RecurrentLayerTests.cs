using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

[Collection(Tiers.Collection)]
public sealed class RecurrentLayerTests
{
    public static TheoryData<string> CellNames => [.. Cells.Names];

    /// <summary>States that are added up over the steps grow without end, and every rounding with them.</summary>
    public static TheoryData<string> CellsOfBoundedState => [.. Cells.Names.Where(name => Cells.Options(name, 1).TimeSkip == 0)];

    public static MatrixTheoryData<SimdTier, string> TiersCells => new(Enum.GetValues<SimdTier>(), Cells.Names);

    public static MatrixTheoryData<SimdTier, string, bool> TiersCellsMasks => new(Enum.GetValues<SimdTier>(), Cells.Names, [false, true]);

    [Theory, MemberData(nameof(TiersCellsMasks))]
    public void Forward_AnySize_MatchesTheEquations(SimdTier tier, string cell, bool masked)
    {
        using var use = SimdTiers.Use(tier);
        foreach (int hiddenSize in (int[])[1, 3, 4, 8, 15, 16, 33, 67])
        {
            var run = new Run(cell, timeSteps: 6, batchSize: 3, inputSize: 5, hiddenSize, masked ? [6, 1, 4] : []);
            run.Forward();
            var (output, hidden, memory) = run.Reference();
            Tolerance.AssertClose(output, run.Tape.Outputs(6), 3e-6, $"outputs of {hiddenSize} units");
            Tolerance.AssertClose(hidden, run.Last.Hidden.Span, 3e-6, $"last hidden state of {hiddenSize} units");
            if (run.Last.Cell is { } last)
                Tolerance.AssertClose(memory, last.Span, 3e-6, $"last cell state of {hiddenSize} units");
        }
    }

    [Theory, MemberData(nameof(CellsOfBoundedState))]
    public void Forward_HundredStepsOf32InputsAnd64Units_MatchesThePlainLoop(string cell)
    {
        const int T = 100;
        var run = new Run(cell, T, batchSize: 1, inputSize: 32, hiddenSize: 64, []);
        foreach (var parameter in run.Parameters)
            VectorKernel.Scale(parameter.Value.Span, 0.5f, parameter.Value.Span);
        run.Forward();
        Tolerance.AssertClose(run.Reference().Output, run.Tape.Outputs(T), 1e-6, "outputs");
    }

    [Theory, MemberData(nameof(TiersCellsMasks))]
    public void Backward_EveryInput_MatchesFiniteDifferences(SimdTier tier, string cell, bool masked)
    {
        using var use = SimdTiers.Use(tier);
        var run = new Run(cell, timeSteps: 5, batchSize: 2, inputSize: 3, hiddenSize: 9, masked ? [3, 5] : []);
        run.Forward();
        run.Backward();
        GradientCheck.Run("x", run.X, run.Dx, run.Loss, 1e-3);
        GradientCheck.Run("initial hidden state", run.Hidden, run.DState.Hidden, run.Loss, 1e-3);
        if (run.DState.Cell is { } dCell)
            GradientCheck.Run("initial cell state", run.Cell, dCell, run.Loss, 1e-3);
        foreach (var parameter in run.Parameters)
            GradientCheck.Run(parameter.Name, parameter.Value, parameter.Gradient, run.Loss, 1e-3);
    }

    [Theory, MemberData(nameof(CellNames))]
    public void Backward_Twice_AddsToTheGradients(string cell)
    {
        var run = new Run(cell, timeSteps: 4, batchSize: 2, inputSize: 3, hiddenSize: 5, []);
        run.Forward();
        run.Backward();
        float[][] once = [.. run.Parameters.Select(parameter => parameter.Gradient.Span.ToArray())];
        run.Forward();
        run.Backward();
        foreach (var (parameter, gradient) in run.Parameters.Zip(once))
            Tolerance.AssertClose(gradient.Select(value => 2 * value).ToArray(), parameter.Gradient.Span, 1e-5, parameter.Name);
    }

    [Theory, MemberData(nameof(CellNames))]
    public void Backward_AfterZeroGradients_StartsAnew(string cell)
    {
        var run = new Run(cell, timeSteps: 4, batchSize: 2, inputSize: 3, hiddenSize: 5, []);
        run.Forward();
        run.Backward();
        float[][] once = [.. run.Parameters.Select(parameter => parameter.Gradient.Span.ToArray())];
        run.Parameters.ZeroGradients();
        run.Forward();
        run.Backward();
        foreach (var (parameter, gradient) in run.Parameters.Zip(once))
            Tolerance.AssertSameBits(gradient, parameter.Gradient.Span, parameter.Name);
    }

    [Theory, MemberData(nameof(TiersCells))]
    public void Forward_OneRowAlone_EqualsItsRowOfTheBatch(SimdTier tier, string cell)
    {
        using var use = SimdTiers.Use(tier);
        const int T = 5, B = 7, I = 12, H = 50;
        var batch = new Run(cell, T, B, I, H, []);
        batch.Forward();
        for (int row = 0; row < B; row++)
        {
            var single = new Run(cell, T, 1, I, H, []);
            for (int t = 0; t < T; t++)
                batch.X.Row(t).Slice(row * I, I).CopyTo(single.X.Row(t));
            batch.Hidden.Row(row).CopyTo(single.Hidden.Span);
            batch.Cell.Row(row).CopyTo(single.Cell.Span);
            single.Forward();
            for (int t = 0; t < T; t++)
                Tolerance.AssertSameBits(batch.Tape.Outputs(T).Slice((t * B + row) * H, H), single.Tape.Outputs(T).Slice(t * H, H), $"row {row}, step {t}");
        }
    }

    [Theory, MemberData(nameof(CellNames))]
    public void Forward_TwoWindowsWithCarriedState_EqualOneLongWindow(string cell)
    {
        var whole = new Run(cell, timeSteps: 6, batchSize: 2, inputSize: 3, hiddenSize: 5, []);
        whole.Forward();
        var tape = whole.Layer.CreateTape(4, 2);
        whole.SetState(tape);
        whole.Layer.Forward(whole.X.Rows(0, 4), [], tape);
        Tolerance.AssertSameBits(whole.Tape.Outputs(4), tape.Outputs(4), "first window");
        tape.Carry(4);
        // A shorter last window on the same tape.
        whole.Layer.Forward(whole.X.Rows(4, 2), [], tape);
        Tolerance.AssertSameBits(whole.Tape.Outputs(6)[(4 * 2 * 5)..], tape.Outputs(2), "second window");
    }

    [Theory, MemberData(nameof(CellNames))]
    public void Forward_GatesOfSomeStepsAtATime_GivesTheSameStatesAndNoGradients(string cell)
    {
        const int T = 40, B = 128;
        int[] lengths = [.. Enumerable.Range(0, B).Select(row => 1 + row % T)];
        var run = new Run(cell, T, B, inputSize: 3, hiddenSize: 64, lengths);
        run.Forward();
        var tape = run.Layer.CreateTape(T, B, forTraining: false);
        Assert.InRange(tape.GateSteps, 2, T - 1);
        AssertSameStates("some steps at a time");
        var error = Assert.Throws<InvalidOperationException>(() => run.Layer.Backward(run.X.Span, lengths, tape, new float[T * B * 64], run.DState, []));
        Assert.Contains("KeepGates", error.Message, StringComparison.Ordinal);
        tape.KeepGates();
        AssertSameStates("all steps");
        Tolerance.AssertSameBits(run.Tape.Gates.Span, tape.Gates.Span, "gates");

        void AssertSameStates(string gates)
        {
            run.SetState(tape);
            run.Layer.Forward(run.X.Span, lengths, tape);
            Tolerance.AssertSameBits(run.Tape.Outputs(T), tape.Outputs(T), $"outputs, gates of {gates}");
            var last = run.Layer.CreateState(B);
            tape.CopyState(T, last);
            Tolerance.AssertSameBits(run.Last.Hidden.Span, last.Hidden.Span, $"last state, gates of {gates}");
        }
    }

    [Fact]
    public void Forward_WrongShapes_Throw()
    {
        var run = new Run("lstm", timeSteps: 4, batchSize: 2, inputSize: 3, hiddenSize: 5, []);
        Assert.Throws<ArgumentException>(() => run.Layer.Forward(new float[25], [], run.Tape));
        var steps = Assert.Throws<ArgumentException>(() => run.Layer.Forward(new float[5 * 6], [], run.Tape));
        Assert.Equal("x: expected 1 to 4 steps of 6 elements, found 5.", steps.Message);
        Assert.Throws<ArgumentException>(() => run.Layer.Forward(run.X.Span, [1, 2, 3], run.Tape));
        var wider = new RecurrentLayer(new RecurrentOptions { HiddenSize = 6 }, 3, new ParameterSet());
        var tape = Assert.Throws<ArgumentException>(() => run.Layer.Forward(run.X.Span, [], wider.CreateTape(4, 2)));
        Assert.Equal("tape: expected shape [5,2,5], found [5,2,6].", tape.Message);
    }

    [Fact]
    public void Passes_WithoutThePackedWeightsTheyNeed_Throw()
    {
        var run = new Run("lstm", timeSteps: 4, batchSize: 2, inputSize: 3, hiddenSize: 5, []);
        Assert.Throws<InvalidOperationException>(() => run.Layer.Forward(run.X.Span, [], run.Tape));
        run.Layer.Pack(forTraining: false);
        run.Layer.Forward(run.X.Span, [], run.Tape);
        Assert.Throws<InvalidOperationException>(run.Backward);
    }

    [Theory, MemberData(nameof(Int8Cells))]
    public void Forward_Int8Weights_RoundALittleAndNoMore(string cell)
    {
        var run = new Run(cell, timeSteps: 5, batchSize: 2, inputSize: 3, hiddenSize: 19, []);
        run.Forward();
        float[] exact = run.Tape.Outputs(5).ToArray();
        run.SetState(run.Tape);
        run.Layer.Pack(forTraining: false, WeightType.Int8);
        run.Layer.Forward(run.X.Span, [], run.Tape);
        float[] rounded = run.Tape.Outputs(5).ToArray();
        Assert.NotEqual(exact, rounded);
        double error = exact.Zip(rounded, (x, y) => Math.Pow(x - y, 2)).Sum() / exact.Sum(x => Math.Pow(x, 2));
        Assert.True(error < 0.02 * 0.02, $"relative error {Math.Sqrt(error)}");
        run.Forward();
        Assert.Equal(exact, run.Tape.Outputs(5).ToArray());
    }

    public static TheoryData<string> Int8Cells => ["lstm", "gru", "gru-reset-before", "jordan-tanh"];

    [Fact]
    public void Pack_Int8WeightsForTraining_Throws()
    {
        var run = new Run("lstm", timeSteps: 4, batchSize: 2, inputSize: 3, hiddenSize: 5, []);
        var error = Assert.Throws<ArgumentException>(() => run.Layer.Pack(forTraining: true, WeightType.Int8));
        Assert.Equal("weights: found Int8, expected Float32 for training.", error.Message);
    }

    /// <summary>A layer, its inputs, and a loss: outputs and last states weighted by fixed numbers.</summary>
    sealed class Run
    {
        readonly int[] _lengths;
        readonly float[] _outputWeights, _hiddenWeights, _cellWeights;
        readonly PlainRecurrence _plain;

        internal Run(string cell, int timeSteps, int batchSize, int inputSize, int hiddenSize, int[] lengths)
        {
            _lengths = lengths;
            var options = Cells.Options(cell, hiddenSize);
            Layer = new RecurrentLayer(options, inputSize, Parameters);
            _plain = new PlainRecurrence(options, Layer);
            X = Tensor.From(Some.Floats(timeSteps * batchSize * inputSize, seed: 11), new Shape(timeSteps, batchSize, inputSize));
            Hidden = Tensor.From(Some.Floats(batchSize * hiddenSize, seed: 12), new Shape(batchSize, hiddenSize));
            Cell = Tensor.From(Some.Floats(batchSize * hiddenSize, seed: 13), new Shape(batchSize, hiddenSize));
            Dx = new Tensor(X.Shape);
            DState = Layer.CreateState(batchSize);
            Tape = Layer.CreateTape(timeSteps, batchSize);
            _outputWeights = Some.Floats(timeSteps * Hidden.Length, seed: 14, scale: 2f);
            _hiddenWeights = Some.Floats(Hidden.Length, seed: 15, scale: 2f);
            _cellWeights = Some.Floats(Hidden.Length, seed: 16, scale: 2f);
            int seed = 0;
            foreach (var parameter in Parameters)
                Some.Fill(parameter.Value.Span, ++seed, 2f / MathF.Sqrt(hiddenSize));
            if (options.Activation == CellActivation.Relu)
                KeepFromTheKink();
        }

        internal ParameterSet Parameters { get; } = new();
        internal RecurrentLayer Layer { get; }
        internal RecurrentTape Tape { get; }
        internal Tensor X { get; }
        internal Tensor Hidden { get; }
        internal Tensor Cell { get; }
        internal Tensor Dx { get; }
        internal LayerState DState { get; }

        /// <summary>The state after the last step.</summary>
        internal LayerState Last
        {
            get
            {
                var state = Layer.CreateState(Tape.BatchSize);
                Tape.CopyState(Tape.TimeSteps, state);
                return state;
            }
        }

        internal void SetState(RecurrentTape tape)
        {
            var state = Layer.CreateState(tape.BatchSize);
            Hidden.Span.CopyTo(state.Hidden.Span);
            if (state.Cell is { } memory)
                Cell.Span.CopyTo(memory.Span);
            tape.SetState(state);
        }

        internal void Forward()
        {
            SetState(Tape);
            Layer.Pack(forTraining: true);
            Layer.Forward(X.Span, _lengths, Tape);
        }

        internal void Backward()
        {
            _hiddenWeights.CopyTo(DState.Hidden.Span);
            if (DState.Cell is { } dCell)
                _cellWeights.CopyTo(dCell.Span);
            Layer.Backward(X.Span, _lengths, Tape, _outputWeights, DState, Dx.Span);
        }

        internal (double[] Output, double[] Hidden, double[] Cell) Reference() => _plain.Run(X, _lengths, Hidden, Cell);

        internal double Loss()
        {
            var (output, hidden, cell) = Reference();
            double loss = output.Zip(_outputWeights, (x, w) => x * w).Sum() + hidden.Zip(_hiddenWeights, (x, w) => x * w).Sum();
            return DState.Cell is null ? loss : loss + cell.Zip(_cellWeights, (x, w) => x * w).Sum();
        }

        /// <summary>Small weights and a large bias: every unit is off or on at all steps, where differences have a meaning.</summary>
        void KeepFromTheKink()
        {
            foreach (var parameter in Parameters)
                VectorKernel.Scale(parameter.Value.Span, 0.2f, parameter.Value.Span);
            foreach (var bias in (Parameter?[])[Layer.BiasInput, Layer.BiasOutput])
            {
                for (int unit = 0; unit < bias?.Value.Length; unit++)
                    bias.Value.Span[unit] = unit % 3 == 0 ? -2f : 2f;
            }
        }
    }
}
