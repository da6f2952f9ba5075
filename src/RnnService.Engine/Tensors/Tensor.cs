using System.Diagnostics.CodeAnalysis;

namespace RnnService.Engine.Tensors;

/// <summary>
/// A dense row-major block of <see cref="float"/> with a shape; the first element lies on a 64-byte border, so that vector loads of
/// every width are aligned. The memory is pinned and collected with the tensor. No mathematics here: kernels work on <see cref="Span"/>.
/// </summary>
[SuppressMessage("Naming", "CA1720", Justification = "Span is the element view, as in Memory<T>.Span.")]
public sealed class Tensor
{
    readonly AlignedMemory<float> _memory;

    /// <summary>A tensor of zeros.</summary>
    public Tensor(Shape shape)
    {
        Shape = shape;
        _memory = new AlignedMemory<float>(shape.Length);
    }

    /// <summary>A tensor of zeros with these sizes, outermost first.</summary>
    public Tensor(params ReadOnlySpan<int> sizes)
        : this(new Shape(sizes)) { }

    /// <summary>The sizes, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Length => Shape.Length;

    /// <summary>The first element; valid as long as the tensor is referenced.</summary>
    internal unsafe float* Start => _memory.Start;

    /// <summary>All elements in row-major order.</summary>
    public Span<float> Span => _memory.Span;

    /// <summary>The elements whose first index is <paramref name="index"/>.</summary>
    public Span<float> Row(int index)
    {
        int rowLength = Shape.RowLength;
        return Span.Slice(index * rowLength, rowLength);
    }

    /// <summary><paramref name="count"/> rows from <paramref name="index"/> on, as one block.</summary>
    public Span<float> Rows(int index, int count)
    {
        int rowLength = Shape.RowLength;
        return Span.Slice(index * rowLength, count * rowLength);
    }

    /// <summary>A tensor with these elements.</summary>
    /// <exception cref="ArgumentException">the number of values is not that of the shape</exception>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape)
    {
        Throw.IfLengthsDiffer(shape.Length, values.Length, nameof(values));
        var tensor = new Tensor(shape);
        values.CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>Sets every element to zero.</summary>
    public void Clear() => Span.Clear();
}
