using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>A vector for each token id: the product of a one-hot row with the weights, done as a look-up.</summary>
public sealed class Embedding
{
    /// <param name="vocabularySize">V</param>
    /// <param name="size">E, elements of a vector</param>
    /// <param name="parameters">receives the weights</param>
    /// <param name="name">their name</param>
    public Embedding(int vocabularySize, int size, ParameterSet parameters, string name = "embedding.weight")
    {
        Throw.IfNotPositive(vocabularySize, nameof(vocabularySize));
        Throw.IfNotPositive(size, nameof(size));
        Weight = parameters.Add(new Parameter(name, new Tensor(vocabularySize, size)));
    }

    /// <summary>[V,E]</summary>
    public Parameter Weight { get; }

    /// <summary>V.</summary>
    public int VocabularySize => Weight.Shape[0];

    /// <summary>E.</summary>
    public int Size => Weight.Shape[1];

    /// <summary>Looks up the vectors of tokens.</summary>
    /// <param name="tokenIds">[N], each from 0 to V-1</param>
    /// <param name="dropout">drops whole tokens of the vocabulary (Gal and Ghahramani 2016); <see cref="DropoutMask.None"/> for none</param>
    /// <param name="output">[N,E]</param>
    /// <exception cref="ArgumentOutOfRangeException">an id is not in the vocabulary</exception>
    public void Forward(ReadOnlySpan<int> tokenIds, DropoutMask dropout, Span<float> output)
    {
        Throw.IfLengthsDiffer(tokenIds.Length * Size, output.Length, nameof(output));
        for (int index = 0; index < tokenIds.Length; index++)
        {
            int tokenId = tokenIds[index];
            if ((uint)tokenId >= (uint)VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(tokenIds), tokenId, $"token id {tokenId} at {index}: expected 0 to {VocabularySize - 1}.");
            var row = output.Slice(index * Size, Size);
            Weight.Value.Row(tokenId).CopyTo(row);
            if (dropout.Rate > 0)
                VectorKernel.Scale(row, dropout.ScaleAt((uint)tokenId), row);
        }
    }

    /// <summary>Adds each vector's gradient to the row of its token.</summary>
    /// <param name="tokenIds">[N] as in the forward pass</param>
    /// <param name="dropout">as in the forward pass</param>
    /// <param name="dOutput">[N,E]</param>
    public void Backward(ReadOnlySpan<int> tokenIds, DropoutMask dropout, ReadOnlySpan<float> dOutput)
    {
        Throw.IfLengthsDiffer(tokenIds.Length * Size, dOutput.Length, nameof(dOutput));
        if (Weight.IsFrozen)
            return;
        var gradient = Weight.ClaimGradientRows(tokenIds);
        for (int index = 0; index < tokenIds.Length; index++)
        {
            int tokenId = tokenIds[index];
            VectorKernel.MultiplyAdd(dOutput.Slice(index * Size, Size), dropout.ScaleAt((uint)tokenId), gradient.Row(tokenId));
        }
    }
}
