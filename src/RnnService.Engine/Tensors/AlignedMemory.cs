using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RnnService.Engine.Tensors;

/// <summary>Zeros whose first element lies on a 64-byte border, so that vector loads of every width are aligned. Pinned; collected like any object.</summary>
sealed unsafe class AlignedMemory<T>
    where T : unmanaged
{
    const int Alignment = 64;
    readonly T[] _buffer;
    readonly int _offset;

    /// <param name="length">elements</param>
    public AlignedMemory(int length)
    {
        Length = length;
        _buffer = GC.AllocateArray<T>(length + Alignment / sizeof(T), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer));
        HugePages.Advise((void*)address, (nuint)_buffer.Length * (nuint)sizeof(T));
        _offset = (int)(((address + Alignment - 1) & ~(nuint)(Alignment - 1)) - address) / sizeof(T);
    }

    /// <summary>Elements.</summary>
    public int Length { get; }

    /// <summary>All elements.</summary>
    public Span<T> Span => MemoryMarshal.CreateSpan(ref _buffer[_offset], Length);

    /// <summary>The first element; valid as long as this object is referenced.</summary>
    public T* Start
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (T*)Unsafe.AsPointer(ref _buffer[_offset]);
    }
}
