using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RnnService.Engine.Kernels;

/// <summary>
/// What a tile asks memory for while it computes: its part of the stretch of B that comes next, spread over its steps. Tiles go over a stretch in the
/// first-level cache one after the other, and memory would rest meanwhile.
/// </summary>
readonly unsafe struct Prefetch
{
    readonly byte* _start;
    readonly nint _distance;

    Prefetch(byte* start, nint distance)
    {
        _start = start;
        _distance = distance;
    }

    /// <summary>The part of one tile of several.</summary>
    /// <param name="next">first element of the next stretch; it may lie behind the end of the matrix</param>
    /// <param name="stepBytes">bytes of B in one step of a tile</param>
    /// <param name="steps">steps of a tile</param>
    /// <param name="tile">which tile</param>
    /// <param name="tiles">tiles that go over a stretch</param>
    /// <param name="stepsOfTurn">steps of a tile for each <see cref="Turn"/></param>
    internal static Prefetch Share(void* next, int stepBytes, int steps, int tile, int tiles, int stepsOfTurn) =>
        new((byte*)next + (nint)stepBytes * steps * tile / tiles, stepsOfTurn * stepBytes / tiles);

    /// <summary>Called at each turn of the tile's loop: one line of memory each time, which tells the processor where to go on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Prefetch Turn()
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(_start);
        return new(_start + _distance, _distance);
    }
}
