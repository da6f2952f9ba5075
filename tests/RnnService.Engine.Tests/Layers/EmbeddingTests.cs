using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class EmbeddingTests
{
    const int V = 11, E = 7;

    readonly int[] _tokens = [3, 0, 10, 3, 3, 5];
    readonly Embedding _embedding = new(V, E, new ParameterSet());

    public EmbeddingTests() => Some.Fill(_embedding.Weight.Value.Span);

    [Fact]
    public void Forward_Tokens_EqualsOneHotRowsTimesTheWeights()
    {
        float[] actual = new float[_tokens.Length * E], expected = new float[actual.Length];
        _embedding.Forward(_tokens, DropoutMask.None, actual);
        ReferenceKernels.GemmNN(OneHot(), _embedding.Weight.Value.Span, _tokens.Length, E, V, false, expected);
        Tolerance.AssertSameBits(expected, actual, "embedding");
    }

    [Fact]
    public void Backward_RepeatedTokens_EqualsTheGradientOfTheProduct()
    {
        float[] dOutput = Some.Floats(_tokens.Length * E, seed: 2), expected = Some.Floats(V * E, seed: 3);
        expected.CopyTo(_embedding.Weight.Gradient.Span);
        _embedding.Backward(_tokens, DropoutMask.None, dOutput);
        ReferenceKernels.GemmTN(OneHot(), dOutput, V, E, _tokens.Length, true, expected);
        Tolerance.AssertClose(expected, _embedding.Weight.Gradient.Span, 1e-6, "gradient");
    }

    [Fact]
    public void Forward_DroppedToken_IsZeroWhereverItStands()
    {
        var dropout = new DropoutMask(0.5f, Seed: 4);
        float[] output = new float[_tokens.Length * E];
        _embedding.Forward(_tokens, dropout, output);
        Assert.Contains(_tokens, token => dropout.ScaleAt((uint)token) == 0);
        Assert.Contains(_tokens, token => dropout.ScaleAt((uint)token) == 2);
        for (int i = 0; i < output.Length; i++)
            Assert.Equal(dropout.ScaleAt((uint)_tokens[i / E]) * _embedding.Weight.Value.Row(_tokens[i / E])[i % E], output[i]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(V)]
    public void Forward_TokenOutsideTheVocabulary_SaysWhichAndWhere(int token)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _embedding.Forward([0, token], DropoutMask.None, new float[2 * E]));
        Assert.StartsWith($"token id {token} at 1: expected 0 to {V - 1}.", error.Message, StringComparison.Ordinal);
    }

    float[] OneHot()
    {
        float[] rows = new float[_tokens.Length * V];
        for (int row = 0; row < _tokens.Length; row++)
            rows[row * V + _tokens[row]] = 1f;
        return rows;
    }
}
