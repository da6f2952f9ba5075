namespace RnnService.Engine.Tensors;

/// <summary>A trained tensor and, once training asks for it, its gradient of the same shape.</summary>
/// <param name="name">the name in checkpoints, PyTorch's: <c>rnn.weight_ih_l0</c></param>
/// <param name="value">the weights</param>
public sealed class Parameter(string name, Tensor value)
{
    Tensor? _gradient;
    bool _isZero;

    // Rows that were written since the gradient was zero, unless any may have been.
    RowSet? _rows;
    bool _isAnyWritten;

    /// <summary>The name in checkpoints.</summary>
    public string Name { get; } = name;

    /// <summary>The weights.</summary>
    public Tensor Value { get; } = value;

    /// <summary>Whether training leaves the value as it is: a backward pass then computes no gradient for it.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>The sizes of value and gradient.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>The gradient; backward passes add to it. Made at first use, so that inference never pays for it.</summary>
    public Tensor Gradient
    {
        get
        {
            var gradient = ReadGradient();
            _isAnyWritten = true;
            return gradient;
        }
    }

    /// <summary>
    /// Rows of the gradient, all others being zero, or null where any element may be another number. Those of an embedding are the tokens of a
    /// batch: a small part of its vocabulary.
    /// </summary>
    internal RowSet? WrittenRows
    {
        get
        {
            ReadGradient();
            return _isAnyWritten ? null : _rows;
        }
    }

    /// <summary>Sets the gradient to zero. Memory is written when it is next used, by then often in one go with its first content.</summary>
    public void ZeroGradient() => _isZero = true;

    /// <summary>
    /// The gradient for a writer that can store as well as add. True: it counts as zero and the caller must overwrite every element;
    /// false: the caller must add.
    /// </summary>
    internal bool ClaimGradient(out Tensor gradient)
    {
        bool overwrite = _isZero && _gradient is not null;
        gradient = _gradient ??= new Tensor(Value.Shape);
        _isZero = false;
        _isAnyWritten = true;
        return overwrite;
    }

    /// <summary>The gradient for a writer that adds to some rows only, which may be named more than once.</summary>
    internal Tensor ClaimGradientRows(ReadOnlySpan<int> rows)
    {
        var gradient = ReadGradient();
        if (!_isAnyWritten)
            (_rows ??= new RowSet(Shape[0])).Add(rows);
        return gradient;
    }

    /// <summary>The gradient for a reader, or one that changes elements other than zero only.</summary>
    internal Tensor ReadGradient()
    {
        if (_gradient is not null && _isZero)
        {
            if (_isAnyWritten || _rows is null)
                _gradient.Clear();
            else
                ClearRows(_gradient, _rows.Rows);
            _rows?.Clear();
            _isAnyWritten = false;
        }
        _gradient ??= new Tensor(Value.Shape);
        _isZero = false;
        return _gradient;
    }

    static void ClearRows(Tensor tensor, ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
            tensor.Row(row).Clear();
    }

    /// <summary>Name and shape.</summary>
    public override string ToString() => $"{Name} {Shape}";
}
