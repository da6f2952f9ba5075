using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>How the rows of A that a tile multiplies lie in memory. Distances known when code is compiled cost no instructions.</summary>
interface ITileRows
{
    /// <summary>Floats from row to row, <paramref name="given"/> where only the caller knows.</summary>
    static abstract nint RowStride(nint given);

    /// <summary>Floats from one step over k to the next.</summary>
    static abstract nint StepStride { get; }
}

/// <summary>Rows of a matrix, each in one run.</summary>
readonly struct StridedRows : ITileRows
{
    public static nint StepStride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint RowStride(nint given) => given;
}

/// <summary>[k, <see cref="GemmTile.MaxRows"/>]: what one step needs lies together.</summary>
readonly struct PackedRows : ITileRows
{
    public static nint StepStride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => GemmTile.MaxRows;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint RowStride(nint given) => 1;
}
