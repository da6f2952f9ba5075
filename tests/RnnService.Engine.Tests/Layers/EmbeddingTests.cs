using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class EmbeddingTests
{
    const int VocabularySize = 11, Size = 19;

    static readonly int[] s_tokenIds = [3, 0, 10, 3, 7, 3];

    readonly ParameterSet _parameters = new();
    readonly Embedding _embedding;

    public EmbeddingTests()
    {
        _embedding = new Embedding(VocabularySize, Size, _parameters);
        Some.Fill(_embedding.Weight.Value.Span);
    }

    [Fact]
    public void Forward_TokenIds_EqualsOneHotRowsTimesTheWeights()
    {
        float[] output = new float[s_tokenIds.Length * Size], expected = new float[output.Length];
        _embedding.Forward(s_tokenIds, DropoutMask.None, output);
        ReferenceKernels.GemmNN(OneHot(), _embedding.Weight.Value.Span, s_tokenIds.Length, Size, VocabularySize, accumulate: false, expected);
        Tolerance.AssertSameBits(expected, output, "embedded tokens");
    }

    [Fact]
    public void Backward_RepeatedTokens_EqualsOneHotColumnsTimesTheGradient()
    {
        float[] dOutput = Some.Floats(s_tokenIds.Length * Size, 2), expected = Some.Floats(VocabularySize * Size, 3);
        expected.CopyTo(_embedding.Weight.Gradient.Span);
        _embedding.Backward(s_tokenIds, DropoutMask.None, dOutput);
        ReferenceKernels.GemmTN(OneHot(), dOutput, VocabularySize, Size, s_tokenIds.Length, accumulate: true, expected);
        Tolerance.AssertClose(expected, _embedding.Weight.Gradient.Span, 1e-6, "gradient");
    }

    [Fact]
    public void ForwardAndBackward_WithDropout_DropWholeTokensOfTheVocabulary()
    {
        var dropout = new DropoutMask(0.5f, 4);
        float[] output = new float[s_tokenIds.Length * Size], dOutput = Some.Floats(output.Length, 2);
        _embedding.Forward(s_tokenIds, dropout, output);
        _embedding.Backward(s_tokenIds, dropout, dOutput);
        float[] oneHot = OneHot(), expected = new float[output.Length], expectedGradient = new float[VocabularySize * Size];
        for (int i = 0; i < oneHot.Length; i++)
            oneHot[i] *= dropout.ScaleAt((ulong)(i % VocabularySize));
        ReferenceKernels.GemmNN(oneHot, _embedding.Weight.Value.Span, s_tokenIds.Length, Size, VocabularySize, accumulate: false, expected);
        ReferenceKernels.GemmTN(oneHot, dOutput, VocabularySize, Size, s_tokenIds.Length, accumulate: false, expectedGradient);
        Tolerance.AssertClose(expected, output, 1e-6, "embedded tokens");
        Tolerance.AssertClose(expectedGradient, _embedding.Weight.Gradient.Span, 1e-6, "gradient");
        Assert.Equal(2, s_tokenIds.Select(id => dropout.ScaleAt((ulong)id)).Distinct().Count());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(VocabularySize)]
    public void Forward_TokenOutsideTheVocabulary_ThrowsNamingIt(int tokenId)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _embedding.Forward([1, tokenId], DropoutMask.None, new float[2 * Size]));
        Assert.Contains($"token id {tokenId} at 1: expected 0 to {VocabularySize - 1}", error.Message, StringComparison.Ordinal);
    }

    static float[] OneHot()
    {
        float[] rows = new float[s_tokenIds.Length * VocabularySize];
        for (int i = 0; i < s_tokenIds.Length; i++)
            rows[i * VocabularySize + s_tokenIds[i]] = 1f;
        return rows;
    }
}
