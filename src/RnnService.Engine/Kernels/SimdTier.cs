namespace RnnService.Engine.Kernels;

/// <summary>The instruction sets the kernels are written for, best first.</summary>
public enum SimdTier
{
    /// <summary>512-bit vectors (AVX-512), 16 lanes.</summary>
    Avx512,

    /// <summary>256-bit vectors (AVX2 with FMA), 8 lanes.</summary>
    Avx2,

    /// <summary>128-bit vectors (SSE on x86-64, NEON on Arm64), 4 lanes.</summary>
    Vector128,

    /// <summary>No vectors: one lane, the fallback.</summary>
    Scalar,
}
