using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;

namespace RnnService.Models.Checkpoints;

/// <summary>
/// Reads what <see cref="PackedWriter"/> writes: a gzip file of whole numbers of 7 bits a byte, low ones first, the top bit set on all but
/// the last (LEB128), and knows where it is. Every number has bounds, so that no memory is taken for one that the file's length does not
/// bear out.
/// </summary>
/// <param name="path">the file</param>
/// <param name="content">what it holds, for messages</param>
/// <exception cref="CheckpointException">there is no such file, or it is not gzip</exception>
sealed class PackedReader(string path, string content)
{
    const int MostBytes = 256 << 20;

    readonly byte[] _bytes = Unpack(path, content);
    int _place;

    /// <summary>Bytes not yet read.</summary>
    public int Left => _bytes.Length - _place;

    static byte[] Unpack(string path, string content)
    {
        if (!File.Exists(path))
            throw new CheckpointException(path, "file", "nothing", content);
        try
        {
            using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            byte[] part = new byte[1 << 16];
            for (int read; (read = stream.Read(part)) > 0;)
            {
                if (unpacked.Length + read > MostBytes)
                    throw new CheckpointException(path, "size", $"more than {MostBytes} bytes unpacked", "fewer");
                unpacked.Write(part, 0, read);
            }
            return unpacked.ToArray();
        }
        catch (InvalidDataException broken)
        {
            throw new CheckpointException(path, "file", "bytes that are not gzip", content, broken);
        }
    }

    /// <summary>Reads the bytes a file of this kind begins with.</summary>
    /// <exception cref="CheckpointException">there are others</exception>
    public void Expect(ReadOnlySpan<byte> magic)
    {
        var found = Take(Math.Min(magic.Length, Left));
        if (!found.SequenceEqual(magic))
            throw Unexpected("other bytes", Encoding.ASCII.GetString(magic));
    }

    /// <exception cref="CheckpointException">there is more</exception>
    public void ExpectEnd()
    {
        if (Left > 0)
            throw Unexpected($"{Left} bytes more", "the end of the file");
    }

    /// <summary>The next bytes.</summary>
    /// <param name="count">at most <see cref="Left"/></param>
    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = _bytes.AsSpan(_place, count);
        _place += taken.Length;
        return taken;
    }

    /// <summary>The next number.</summary>
    /// <exception cref="CheckpointException">it is out of bounds, or there is none</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Number(string what, int least, int most)
    {
        int start = _place, shift = 0;
        long number = 0;
        byte next;
        do
        {
            if (Left == 0 || shift > 28)
                throw Unexpected(Left == 0 ? "the end of the file" : "a number of more than 32 bits", what, start);
            next = _bytes[_place++];
            number |= (long)(next & 0x7F) << shift;
            shift += 7;
        }
        while (next > 0x7F);
        return number >= least && number <= most
            ? (int)number
            : throw Unexpected($"{what} {number}", least == most ? $"{least}" : $"{least} to {most}", start);
    }

    /// <summary>The next number, of either sign: 0, -1, 1, -2, … are written as 0, 1, 2, 3, … (zigzag).</summary>
    /// <exception cref="CheckpointException">there is none</exception>
    public int Signed(string what)
    {
        int number = Number(what, 0, int.MaxValue);
        return (number >> 1) ^ -(number & 1);
    }

    /// <summary>An error at the current place of the unpacked bytes.</summary>
    public CheckpointException Unexpected(string found, string expected) => Unexpected(found, expected, _place);

    CheckpointException Unexpected(string found, string expected, int place) => new(path, $"byte {place}", found, expected);
}
