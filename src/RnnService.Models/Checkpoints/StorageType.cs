using System.Diagnostics.CodeAnalysis;

namespace RnnService.Models.Checkpoints;

/// <summary>How weights are stored in a file; in memory they are always <see cref="float"/>.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names are those of number formats.")]
public enum StorageType
{
    /// <summary>IEEE 754 single precision; exact.</summary>
    Float32,

    /// <summary>IEEE 754 half precision: 11 significant bits, up to 65504.</summary>
    Float16,

    /// <summary>The upper half of a single: 8 significant bits, the range of a single.</summary>
    BFloat16,

    /// <summary>
    /// Whole numbers -127..127 times one scale per row (the largest magnitude of the row / 127), kept in a float32 tensor
    /// <c>NAME.scale</c> [rows]. Tensors of one dimension stay float32.
    /// </summary>
    Int8,
}
