namespace RnnService.Engine.Tensors;

/// <summary>Numbers of rows, each once, in the order they were added.</summary>
/// <param name="rowCount">how many rows there are</param>
sealed class RowSet(int rowCount)
{
    readonly bool[] _isIn = new bool[rowCount];
    readonly int[] _rows = new int[rowCount];
    int _count;

    /// <summary>The rows.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>Adds rows that are not in it yet.</summary>
    public void Add(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if (_isIn[row])
                continue;
            _isIn[row] = true;
            _rows[_count++] = row;
        }
    }

    /// <summary>Takes all rows out.</summary>
    public void Clear()
    {
        foreach (int row in Rows)
            _isIn[row] = false;
        _count = 0;
    }
}
