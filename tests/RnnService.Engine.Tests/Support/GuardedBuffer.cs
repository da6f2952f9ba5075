using System.Runtime.InteropServices;

namespace RnnService.Engine.Tests.Support;

/// <summary>
/// Floats that end where an unreadable memory page begins: a kernel that reads or writes one element too far ends the test process.
/// On systems other than Linux the memory has no guard.
/// </summary>
sealed unsafe partial class GuardedBuffer : IDisposable
{
    const int ReadWrite = 1 | 2;
    const int NoAccess = 0;
    const int PrivateAnonymous = 0x22;

    readonly int _length;
    readonly nuint _bytes;
    readonly byte* _memory;
    readonly float* _start;

    internal GuardedBuffer(ReadOnlySpan<float> values)
    {
        _length = values.Length;
        nuint page = (nuint)Environment.SystemPageSize;
        nuint used = ((nuint)values.Length * sizeof(float) + page - 1) / page * page;
        _bytes = used + page;
        if (OperatingSystem.IsLinux())
        {
            _memory = (byte*)Map(0, _bytes, ReadWrite, PrivateAnonymous, -1, 0);
            if (_memory == (byte*)-1 || Protect(_memory + used, page, NoAccess) != 0)
                throw new InvalidOperationException($"No guarded memory: error {Marshal.GetLastPInvokeError()}.");
        }
        else
        {
            _memory = (byte*)NativeMemory.Alloc(_bytes);
        }
        _start = (float*)(_memory + used) - values.Length;
        values.CopyTo(Span);
    }

    internal Span<float> Span => new(_start, _length);

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            _ = Unmap(_memory, _bytes);
        else
            NativeMemory.Free(_memory);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(byte* address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint bytes);
}
