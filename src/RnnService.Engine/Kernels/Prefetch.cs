using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RnnService.Engine.Kernels;

/// <summary>
/// What a tile asks memory for while it computes: its part of the stretch of B that comes next, spread over its steps. Tiles go over a stretch in the
/// first-level cache one after the other, and memory would rest meanwhile.
/// </summary>
/// <param name="start">the first line</param>
/// <param name="distance">bytes from turn to turn: <see cref="Distance"/></param>
readonly unsafe struct Prefetch(byte* start, nint distance)
{
    internal const int LineFloats = 16;

    /// <summary>How far each turn of a tile's loop is from the next, so that all tiles together come to the end of the stretch.</summary>
    /// <param name="turnBytes">bytes of B in one turn</param>
    /// <param name="tiles">tiles that go over a stretch</param>
    internal static nint Distance(int turnBytes, int tiles) => turnBytes / tiles;

    /// <summary>Called at each turn: one line of memory each time, which tells the processor where to go on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Prefetch Turn()
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(start);
        return Skip(1);
    }

    /// <summary>Where it goes on after some turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Prefetch Skip(int turns) => new(start + turns * distance, distance);

    /// <summary>Asks for some floats; they need not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Lines(float* from, int count)
    {
        for (int index = 0; index < count && Sse.IsSupported; index += LineFloats)
            Sse.Prefetch1(from + index);
    }

    /// <summary>Asks at once for the first and the last element of the rows of a tile, which lie in one line of memory or two; they need not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void TileRows(float* from, nint stride, nint last)
    {
        ThreeRows(from, stride, last);
        ThreeRows(from + 3 * stride, stride, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ThreeRows(float* from, nint stride, nint last)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(from);
        Sse.Prefetch0(from + last);
        Sse.Prefetch0(from + stride);
        Sse.Prefetch0(from + stride + last);
        Sse.Prefetch0(from + 2 * stride);
        Sse.Prefetch0(from + 2 * stride + last);
    }

    /// <summary>Asks at once for [rows, count] floats whose rows are <paramref name="stride"/> apart; they need not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Rows(float* from, nint stride, int rows, int count)
    {
        if (!Sse.IsSupported)
            return;
        for (int row = 0; row < rows; row++, from += stride)
        {
            for (int index = 0; index < count; index += LineFloats)
                Sse.Prefetch0(from + index);
            Sse.Prefetch0(from + count - 1);
        }
    }
}
