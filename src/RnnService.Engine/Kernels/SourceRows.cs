using System.Runtime.CompilerServices;

namespace RnnService.Engine.Kernels;

/// <summary>Rows that will be copied when the tiles at work are done, which fetch them meanwhile: each takes one line of memory of as many rows as it has turns.</summary>
unsafe struct SourceRows
{
    readonly nint _stride;
    readonly int _rows;
    float* _column;
    int _columnsLeft;
    int _row;

    /// <param name="start">the first element</param>
    /// <param name="stride">distance of rows</param>
    /// <param name="rows">number of rows</param>
    /// <param name="width">floats of a row</param>
    public SourceRows(float* start, nint stride, int rows, int width)
    {
        _column = start;
        _stride = stride;
        _rows = rows;
        // A row that does not start on a line's border reaches into one line more.
        _columnsLeft = (width + Prefetch.LineFloats - 1) / Prefetch.LineFloats + 1;
    }

    /// <summary>Whether tiles have taken all of it.</summary>
    public readonly bool IsEmpty => _columnsLeft <= 0;

    /// <summary>What a tile fetches.</summary>
    /// <param name="turns">of the tile</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Prefetch Take(int turns)
    {
        var taken = new Prefetch((byte*)(_column + _row * _stride), _stride * sizeof(float));
        _row += turns;
        if (_row >= _rows)
        {
            _row = 0;
            _column += Prefetch.LineFloats;
            _columnsLeft--;
        }
        return taken;
    }
}
