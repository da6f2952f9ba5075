using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

/// <summary>A decoder that attends, on sequences of all, some and none of the steps.</summary>
[Collection(Tiers.Collection)]
public sealed class AttentionTests
{
    const int S = 4, T = 3, B = 3, I = 2, H = 5, M = 6, A = 3;

    static readonly int[] s_lengths = [4, 0, 1];

    [Theory]
    [InlineData(AttentionKind.Mean)]
    [InlineData(AttentionKind.Additive)]
    [InlineData(AttentionKind.Dot)]
    public void Forward_EachStep_IsThePlainWeightedMeanOfItsSequence(AttentionKind kind)
    {
        var decoder = new Decoder(kind, CellKind.Gru);
        decoder.Forward();
        for (int t = 0; t < T; t++)
        {
            for (int row = 0; row < B; row++)
            {
                double[] scores = [.. Enumerable.Range(0, s_lengths[row]).Select(j => Math.Exp(decoder.Score(t, row, j)))];
                double[] weights = [.. scores.Select(score => score / scores.Sum()), .. new double[S - scores.Length]];
                Tolerance.AssertClose(weights, decoder.Context.WeightsOf(t, row)[..S], 1e-5, $"weights of step {t}, row {row}");
                double[] context = [.. Enumerable.Range(0, M).Select(i => Enumerable.Range(0, S).Sum(j => weights[j] * decoder.Memory.Span[(j * B + row) * M + i]))];
                Tolerance.AssertClose(context, decoder.Context.Contexts.Row(t).Slice(row * M, M), 1e-5, $"context of step {t}, row {row}");
            }
        }
    }

    [Fact]
    public void Forward_ContextsAsInput_GiveTheSameStates()
    {
        var decoder = new Decoder(AttentionKind.Additive, CellKind.Lstm);
        decoder.Forward();
        // The same weights in a layer that reads [x; c].
        var joined = new RecurrentLayer(new RecurrentOptions { HiddenSize = H }, I + M, new ParameterSet());
        for (int row = 0; row < joined.WeightInput.Shape[0]; row++)
        {
            decoder.Stack.Layers[0].WeightInput.Value.Row(row).CopyTo(joined.WeightInput.Value.Row(row));
            decoder.Input.Weight.Value.Row(row).CopyTo(joined.WeightInput.Value.Row(row)[I..]);
        }
        foreach (var (from, to) in decoder.Stack.Layers[0].Parameters.Zip(joined.Parameters).Skip(1))
            from.Value.Span.CopyTo(to.Value.Span);
        float[] x = [.. Enumerable.Range(0, T * B).SelectMany(at => (float[])
            [.. decoder.X.Span.Slice(at * I, I), .. decoder.Context.Contexts.Span.Slice(at * M, M)])];
        var tape = joined.CreateTape(T, B);
        tape.SetState(decoder.State.Layers[0]);
        joined.Pack(forTraining: false);
        joined.Forward(x, [], tape);
        Tolerance.AssertClose(tape.Outputs(T), decoder.Tape.Outputs(T), 1e-6, "states");
    }

    [Theory]
    [InlineData(AttentionKind.Mean, CellKind.Gru)]
    [InlineData(AttentionKind.Additive, CellKind.Gru)]
    [InlineData(AttentionKind.Additive, CellKind.Lstm)]
    [InlineData(AttentionKind.Dot, CellKind.Rnn)]
    public void Backward_InputsStatesMemoryAndWeights_MatchFiniteDifferences(AttentionKind kind, CellKind cell)
    {
        var decoder = new Decoder(kind, cell);
        float[] weights = Some.Floats(T * B * H, seed: 41), contextWeights = Some.Floats(T * B * M, seed: 42);
        Tensor dx = new(T, B, I), dMemory = new(S, B, M);
        var dState = decoder.Stack.CreateState(B);
        decoder.Forward();
        contextWeights.CopyTo(decoder.Context.DContexts.Span);
        decoder.Stack.Backward(decoder.X.Span, [], decoder.Tape, weights, dState, dx.Span, decoder.Context);
        decoder.Looked.Backward(dMemory.Span);
        GradientCheck.Run("x", decoder.X, dx, Loss, 1e-3);
        GradientCheck.Run("memory", decoder.Memory, dMemory, Loss, 1e-3);
        GradientCheck.Run("state", decoder.State.Layers[0].Hidden, dState.Layers[0].Hidden, Loss, 1e-3);
        foreach (var parameter in decoder.Parameters)
            GradientCheck.Run(parameter.Name, parameter.Value, parameter.Gradient, Loss, 1e-3);

        double Loss()
        {
            decoder.Forward();
            return Sum(decoder.Tape.Outputs(T), weights) + Sum(decoder.Context.Contexts.Span, contextWeights);
        }

        static double Sum(ReadOnlySpan<float> values, float[] weights)
        {
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
                sum += (double)values[i] * weights[i];
            return sum;
        }
    }

    [Theory, ClassData(typeof(Tiers))]
    public void Forward_EveryTier_GivesTheSameWeights(SimdTier tier)
    {
        var expected = new Decoder(AttentionKind.Additive, CellKind.Gru);
        expected.Forward();
        using var use = SimdTiers.Use(tier);
        var found = new Decoder(AttentionKind.Additive, CellKind.Gru);
        found.Forward();
        for (int t = 0; t < T; t++)
            Tolerance.AssertClose(expected.Context.WeightsOf(t, 0), found.Context.WeightsOf(t, 0), 1e-5, $"step {t}");
    }

    [Fact]
    public void Forward_OtherSizesOrNothingToAttendTo_SayWhatIsExpected()
    {
        var decoder = new Decoder(AttentionKind.Dot, CellKind.Gru);
        decoder.Forward();
        var tape = decoder.Input.CreateTape(T, B, S);
        Assert.Contains("Attend", Assert.Throws<InvalidOperationException>(() => Run(tape)).Message, StringComparison.Ordinal);
        Assert.Contains("up to 3 steps, found 5", Assert.Throws<ArgumentException>(() => decoder.Input.CreateTape(T, B, S - 1).Attend(decoder.Looked)).Message, StringComparison.Ordinal);
        Assert.Contains("3 rows and 3 steps, found 2 rows", Assert.Throws<ArgumentException>(() => Run(decoder.Input.CreateTape(T, 2, S))).Message, StringComparison.Ordinal);

        void Run(ContextTape context) => decoder.Stack.Forward(decoder.X.Span, [], decoder.Tape, context: context);
    }

    sealed class Decoder
    {
        internal Decoder(AttentionKind kind, CellKind cell)
        {
            Stack = new RecurrentStack(new RecurrentOptions { Cell = cell, HiddenSize = H }, I, Parameters);
            Input = new ContextInput(new Attention(kind, H, M, A, Parameters), Stack.Layers[0], Parameters);
            foreach (var (parameter, index) in Parameters.Select((parameter, index) => (parameter, index)))
                Some.Fill(parameter.Value.Span, seed: 20 + index);
            Tape = Stack.CreateTape(T, B);
            Looked = Input.Attention.CreateMemory(S + 1, B);
            Context = Input.CreateTape(T, B, S + 1);
            State = Stack.CreateState(B);
            Some.Fill(State.Layers[0].Hidden.Span, seed: 13);
        }

        internal ParameterSet Parameters { get; } = new();

        internal RecurrentStack Stack { get; }

        internal ContextInput Input { get; }

        internal AttentionMemory Looked { get; }

        internal StackTape Tape { get; }

        internal ContextTape Context { get; }

        internal RecurrentState State { get; }

        internal Tensor X { get; } = Tensor.From(Some.Floats(T * B * I, seed: 11), new Shape(T, B, I));

        /// <summary>[S,B,M]</summary>
        internal Tensor Memory { get; } = Tensor.From(Some.Floats(S * B * M, seed: 12), new Shape(S, B, M));

        internal void Forward()
        {
            Stack.Pack(forTraining: true);
            Input.Pack(forTraining: true);
            Looked.Read(Memory.Span, s_lengths);
            Context.Attend(Looked);
            Tape.SetState(State);
            Stack.Forward(X.Span, [], Tape, context: Context);
        }

        /// <summary>The score of a step of the memory as the formula has it.</summary>
        internal double Score(int t, int row, int j)
        {
            var attention = Input.Attention;
            if (attention.Kind == AttentionKind.Mean)
                return 0;
            double[] query = Product(attention.Query!, Tape.Layers[0].Hidden.Row(t).Slice(row * H, H)), memory = [.. Memory.Span.Slice((j * B + row) * M, M).ToArray()];
            if (attention.Kind == AttentionKind.Dot)
                return query.Zip(memory, (left, right) => left * right).Sum();
            double[] key = Product(attention.Keys!.Weight, Memory.Span.Slice((j * B + row) * M, M));
            return Enumerable.Range(0, A).Sum(i => attention.Score!.Value.Span[i] * Math.Tanh(key[i] + attention.Keys.Bias.Value.Span[i] + query[i]));
        }

        static double[] Product(Parameter weight, ReadOnlySpan<float> x)
        {
            double[] y = new double[weight.Shape[0]];
            for (int row = 0; row < y.Length; row++)
            {
                for (int i = 0; i < x.Length; i++)
                    y[row] += (double)weight.Value.Row(row)[i] * x[i];
            }
            return y;
        }
    }
}
