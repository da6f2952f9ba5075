using System.Diagnostics.CodeAnalysis;

namespace RnnService.Engine.Kernels;

/// <summary>How a forward pass keeps the weights it multiplies by.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names of number formats, as tensors and checkpoints use them.")]
public enum WeightType
{
    /// <summary>As they were trained, 32 bits each; 16 where that loses nothing and there is something to win.</summary>
    Float32,

    /// <summary>8 bits each with one scale for each output; a quarter of the memory to read, and rounded. For inference only.</summary>
    Int8,
}
