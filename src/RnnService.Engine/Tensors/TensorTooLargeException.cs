using System.Diagnostics.CodeAnalysis;

namespace RnnService.Engine.Tensors;

/// <summary>Sizes whose product is more elements than a tensor holds.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a number of elements.")]
public sealed class TensorTooLargeException : ArgumentException
{
    /// <summary>The most elements of a tensor.</summary>
    public const int MostElements = int.MaxValue;

    /// <param name="elements">what the sizes ask for, or their product up to the size that was too much</param>
    public TensorTooLargeException(long elements)
        : base($"A tensor holds at most {MostElements} elements; the shape asks for {elements}.") => Elements = elements;

    /// <summary>What the sizes ask for, or their product up to the size that was too much.</summary>
    public long Elements { get; }
}
