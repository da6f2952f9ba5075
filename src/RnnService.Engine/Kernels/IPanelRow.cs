using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>How a row of a panel, two vectors of columns, lies in memory.</summary>
unsafe interface IPanelRow
{
    /// <summary>Bytes of a column.</summary>
    static abstract int ColumnBytes { get; }

    static abstract TLanes Left<TLanes>(byte* row)
        where TLanes : unmanaged, ILanes<TLanes>;

    static abstract TLanes Right<TLanes>(byte* row)
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>32 bits a column, the left vector before the right one.</summary>
readonly unsafe struct FloatRow : IPanelRow
{
    public static int ColumnBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Left<TLanes>(byte* row)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.Load((float*)row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Right<TLanes>(byte* row)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.Load((float*)row + TLanes.Width);
}

/// <summary>16 bits a column, the left vector in the lower halves of words, the right one in the upper halves.</summary>
readonly unsafe struct HalfRow : IPanelRow
{
    public static int ColumnBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(ushort);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Left<TLanes>(byte* row)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadLowHalves((uint*)row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Right<TLanes>(byte* row)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadHighHalves((uint*)row);
}
