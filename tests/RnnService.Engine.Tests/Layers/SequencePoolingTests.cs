using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class SequencePoolingTests
{
    const int T = 4, B = 2, H = 2;

    /// <summary>Row 0 has the steps 1 5, 2 4, 3 3, 4 2; row 1 the same negative.</summary>
    static readonly float[] s_steps = [1, 5, -1, -5, 2, 4, -2, -4, 3, 3, -3, -3, 4, 2, -4, -2];

    public static MatrixTheoryData<PoolingKind, bool, bool> Kinds => new([PoolingKind.Last, PoolingKind.Mean, PoolingKind.Max], [false, true], [false, true]);

    [Theory]
    [InlineData(PoolingKind.Last, new float[] { 4, 2, -4, -2 })]
    [InlineData(PoolingKind.Mean, new float[] { 2.5f, 3.5f, -2.5f, -3.5f })]
    [InlineData(PoolingKind.Max, new float[] { 4, 5, -1, -2 })]
    public void Forward_WholeSequences_PoolsAllSteps(PoolingKind kind, float[] expected) => AssertPooled(kind, [], expected);

    [Theory]
    [InlineData(PoolingKind.Last, new float[] { 3, 3, -1, -5 })]
    [InlineData(PoolingKind.Mean, new float[] { 2, 4, -1, -5 })]
    [InlineData(PoolingKind.Max, new float[] { 3, 5, -1, -5 })]
    public void Forward_Lengths_StepsPastThemDoNotCount(PoolingKind kind, float[] expected) => AssertPooled(kind, [3, 1], expected);

    [Theory, InlineData(PoolingKind.Last), InlineData(PoolingKind.Mean), InlineData(PoolingKind.Max)]
    public void Forward_EmptyRow_GivesZeros(PoolingKind kind) => AssertPooled(kind, [0, 0], [0, 0, 0, 0]);

    [Fact]
    public void Forward_LastOfABidirectionalStack_IsTheLastStateOfEachDirection()
    {
        var options = new RecurrentOptions { HiddenSize = 3, Bidirectional = true };
        var run = new StackRun(options, T, B, inputSize: 2, [2, 4]);
        run.Forward();
        float[] pooled = new float[B * 2 * 3];
        new SequencePooling(PoolingKind.Last, options).Forward(run.Output, [2, 4], B, pooled);
        var last = run.LastState();
        for (int row = 0; row < B; row++)
            Tolerance.AssertSameBits([.. last.Layers[0].Hidden.Row(row), .. last.Layers[1].Hidden.Row(row)], pooled.AsSpan(row * 6, 6), $"row {row}");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Backward_EveryStep_MatchesFiniteDifferences(PoolingKind kind, bool bidirectional, bool masked)
    {
        // More units than are looked through together.
        var options = new RecurrentOptions { HiddenSize = 70, Bidirectional = bidirectional };
        int size = bidirectional ? 140 : 70;
        int[] lengths = masked ? [3, 0] : [];
        var pooling = new SequencePooling(kind, options);
        Tensor x = new(T, B, size), dx = Tensor.From(Some.Floats(x.Length), x.Shape);
        // Elements of a column lie further apart than the differences reach: the largest stays the largest.
        for (int i = 0; i < x.Length; i++)
            x.Span[i] = (i / size * 3 + i % size * 5) % 7 / 4f;
        float[] output = new float[B * size], weights = Some.Floats(output.Length, seed: 2);
        pooling.Backward(x.Span, lengths, B, weights, dx.Span);
        GradientCheck.Run("x", x, dx, Loss, 1e-3);

        double Loss()
        {
            pooling.Forward(x.Span, lengths, B, output);
            return output.Zip(weights, (value, weight) => (double)value * weight).Sum();
        }
    }

    [Fact]
    public void Backward_EqualLargestElements_TheFirstHasTheGradient()
    {
        float[] dx = new float[3];
        new SequencePooling(PoolingKind.Max, new RecurrentOptions { HiddenSize = 1 }).Backward([1, 2, 2], [], 1, [5], dx);
        Assert.Equal([0, 5, 0], dx);
    }

    [Fact]
    public void Passes_WrongSizes_Throw()
    {
        var pooling = new SequencePooling(PoolingKind.Mean, new RecurrentOptions { HiddenSize = H });
        float[] output = new float[B * H];
        Assert.Throws<ArgumentException>(() => pooling.Forward(s_steps.AsSpan(1), [], B, output));
        Assert.Throws<ArgumentException>(() => pooling.Forward(s_steps, [], B, output.AsSpan(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => pooling.Forward(s_steps, [4, 5], B, output));
        Assert.Throws<ArgumentException>(() => pooling.Backward(s_steps, [], B, output, new float[3]));
    }

    static void AssertPooled(PoolingKind kind, int[] lengths, float[] expected)
    {
        float[] output = new float[B * H];
        new SequencePooling(kind, new RecurrentOptions { HiddenSize = H }).Forward(s_steps, lengths, B, output);
        Assert.Equal(expected, output);
    }
}
