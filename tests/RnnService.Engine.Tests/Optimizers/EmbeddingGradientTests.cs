using RnnService.Engine.Layers;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Optimizers;

/// <summary>Only the rows of a batch's tokens are cleared, measured, scaled and updated; what comes out is what all rows would give.</summary>
public sealed class EmbeddingGradientTests
{
    const int V = 300, E = 120;

    static readonly int[][] s_batches = [[3, 0, 299, 3, 3, 5], [.. Enumerable.Range(0, 299).Select(i => i * 7 % V)], [5], [], [0, 1]];

    static readonly Dictionary<string, Func<ParameterSet, IOptimizer>> s_optimizers = new()
    {
        ["sgd"] = parameters => new Sgd(parameters),
        ["sgd with momentum"] = parameters => new Sgd(parameters, momentum: 0.9f),
        ["sgd with decay"] = parameters => new Sgd(parameters, weightDecay: 0.1f),
        ["adam"] = parameters => new Adam(parameters),
    };

    readonly ParameterSet _parameters = new();
    readonly Embedding _embedding;

    public EmbeddingGradientTests()
    {
        _embedding = new Embedding(V, E, _parameters);
        Some.Fill(_embedding.Weight.Value.Span);
    }

    public static MatrixTheoryData<string, int> Cases => new(s_optimizers.Keys, [1, 2, 16]);

    [Theory, MemberData(nameof(Cases))]
    public void Step_BatchAfterBatch_MovesTheWeightsAsAWholeGradientWould(string optimizerName, int threads)
    {
        using var count = new ThreadCount(threads);
        var whole = new ParameterSet();
        var weight = whole.Add(new Parameter("w", Tensor.From(_embedding.Weight.Value.Span, new Shape(V, E))));
        IOptimizer optimizer = s_optimizers[optimizerName](_parameters), wholeOptimizer = s_optimizers[optimizerName](whole);
        foreach (int[] batch in s_batches)
        {
            Backward(batch);
            Gradient(batch).CopyTo(weight.Gradient.Span);
            GradientClipping.ClipGlobalNorm(_parameters, 1);
            GradientClipping.ClipGlobalNorm(whole, 1);
            optimizer.Step(_parameters, 0.1f);
            wholeOptimizer.Step(whole, 0.1f);
            Tolerance.AssertClose(weight.Value.Span, _embedding.Weight.Value.Span, 1e-6, $"{optimizerName} after [{string.Join(' ', batch)}]");
        }
    }

    [Fact]
    public void Backward_AfterZeroGradients_HoldsTheNewBatchOnly()
    {
        foreach (int[] batch in s_batches)
        {
            Backward(batch);
            Assert.Equal(batch.Distinct(), _embedding.Weight.WrittenRows!.Rows.ToArray());
            Tolerance.AssertClose(Gradient(batch), _embedding.Weight.ReadGradient().Span, 1e-6, string.Join(' ', batch));
        }
    }

    [Fact]
    public void Backward_BesideAWriterOfAllRows_CountsAllRows()
    {
        Backward(s_batches[0]);
        _embedding.Weight.Gradient.Row(7).Fill(1f);
        Assert.Null(_embedding.Weight.WrittenRows);
        _embedding.Backward([9], DropoutMask.None, new float[E]);
        Assert.Null(_embedding.Weight.WrittenRows);
        float[] expected = Gradient(s_batches[0]);
        expected.AsSpan(7 * E, E).Fill(1f);
        Tolerance.AssertClose(expected, _embedding.Weight.ReadGradient().Span, 1e-6, "both");
        Backward(s_batches[2]);
        Tolerance.AssertClose(Gradient(s_batches[2]), _embedding.Weight.Gradient.Span, 1e-6, "the next batch");
    }

    [Fact]
    public void ClipGlobalNorm_RowsOfABatch_MeasuresAndScalesThem()
    {
        Backward(s_batches[1]);
        float[] before = Gradient(s_batches[1]);
        double norm = Math.Sqrt(before.Sum(value => (double)value * value));
        Assert.Equal(norm, GradientClipping.ClipGlobalNorm(_parameters, norm / 4), 1e-5 * norm);
        Tolerance.AssertClose(before.Select(value => value / 4.0).ToArray(), _embedding.Weight.ReadGradient().Span, 1e-6, "scaled");
        Assert.NotNull(_embedding.Weight.WrittenRows);
    }

    void Backward(int[] tokens)
    {
        _parameters.ZeroGradients();
        _embedding.Backward(tokens, DropoutMask.None, Some.Floats(tokens.Length * E, seed: tokens.Length));
    }

    static float[] Gradient(int[] tokens)
    {
        float[] dOutput = Some.Floats(tokens.Length * E, seed: tokens.Length), gradient = new float[V * E];
        for (int i = 0; i < dOutput.Length; i++)
            gradient[tokens[i / E] * E + i % E] += dOutput[i];
        return gradient;
    }
}
