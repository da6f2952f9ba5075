namespace RnnService.Engine.Tensors;

/// <summary>The sizes of a tensor, outermost first; one to four dimensions. Time-major sequences are <c>[T,B,*]</c>.</summary>
public readonly record struct Shape
{
    readonly int _size0, _size1, _size2, _size3;

    /// <param name="sizes">one to four sizes, each zero or more</param>
    /// <exception cref="ArgumentException">no size or more than four, or a negative size</exception>
    /// <exception cref="TensorTooLargeException">a product over <see cref="TensorTooLargeException.MostElements"/></exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length is 0 or > 4)
            Throw.Rank(sizes.Length);
        Rank = sizes.Length;
        long length = 1;
        foreach (int size in sizes)
        {
            if (size < 0)
                Throw.NegativeSize(size);
            length = checked(length * size);
            if (length > TensorTooLargeException.MostElements)
                Throw.TooManyElements(length);
        }
        _size0 = sizes[0];
        _size1 = Rank > 1 ? sizes[1] : 1;
        _size2 = Rank > 2 ? sizes[2] : 1;
        _size3 = Rank > 3 ? sizes[3] : 1;
        Length = (int)length;
    }

    /// <summary>Number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>Number of elements: the product of all sizes.</summary>
    public int Length { get; }

    /// <summary>Number of elements in one row: the product of all sizes but the first.</summary>
    public int RowLength => _size1 * _size2 * _size3;

    /// <summary>The size of dimension <paramref name="dimension"/>.</summary>
    public int this[int dimension] => dimension switch
    {
        0 when Rank > 0 => _size0,
        1 when Rank > 1 => _size1,
        2 when Rank > 2 => _size2,
        3 when Rank > 3 => _size3,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"the shape {this} has {Rank} dimensions"),
    };

    /// <summary>The sizes as an array.</summary>
    public int[] ToArray()
    {
        int[] sizes = [_size0, _size1, _size2, _size3];
        return sizes[..Rank];
    }

    /// <summary>For example <c>[35,20,256]</c>.</summary>
    public override string ToString() => $"[{string.Join(',', ToArray())}]";
}
