using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace RnnService.Models.Checkpoints;

/// <summary>
/// The table of contents of a safetensors file: 8 bytes header length (little endian), JSON <c>{"name": {"dtype", "shape",
/// "data_offsets": [begin, end]}, "__metadata__": {…}}</c>, then the tensors' bytes without gaps. Every number is checked against the
/// length of the file before anything is allocated from it.
/// </summary>
sealed class SafetensorsHeader
{
    /// <summary>Bytes of the length field before the header.</summary>
    public const int PrefixLength = 8;

    /// <summary>The name under which the header keeps the metadata.</summary>
    public const string MetadataName = "__metadata__";

    const long LongestHeader = 100_000_000;

    SafetensorsHeader(IReadOnlyDictionary<string, SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>The free texts of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks the header of an open file.</summary>
    /// <exception cref="CheckpointException">anything is not as the format says</exception>
    public static SafetensorsHeader Read(string file, SafeFileHandle handle)
    {
        long fileLength = RandomAccess.GetLength(handle);
        if (fileLength < PrefixLength)
            throw new CheckpointException(file, "header length", $"a file of {fileLength} bytes", $"at least {PrefixLength} bytes");
        byte[] prefix = new byte[PrefixLength];
        ReadExactly(file, handle, prefix, 0);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        ulong longest = (ulong)Math.Min(fileLength - PrefixLength, LongestHeader);
        if (headerLength > longest)
            throw new CheckpointException(file, "header length", $"{headerLength}", $"at most {longest} in a file of {fileLength} bytes");
        byte[] json = new byte[headerLength];
        ReadExactly(file, handle, json, PrefixLength);
        return Parse(JsonField.Parse(file, json), file, dataStart: PrefixLength + json.Length, fileLength);
    }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on.</summary>
    public static void ReadExactly(string file, SafeFileHandle handle, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int count = RandomAccess.Read(handle, destination, offset);
            if (count == 0)
                throw new CheckpointException(file, $"byte {offset}", "the end of the file", $"{destination.Length} bytes more");
            destination = destination[count..];
            offset += count;
        }
    }

    static SafetensorsHeader Parse(JsonField root, string file, long dataStart, long fileLength)
    {
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, field) in root.Fields())
        {
            if (name == MetadataName)
                foreach (var (key, value) in field.Fields())
                    metadata[key] = value.AsString();
            else if (!entries.TryAdd(name, SafetensorsEntry.Parse(name, field, dataStart, fileLength)))
                throw new CheckpointException(file, name, "two tensors of this name", "one");
        }
        CheckContiguous(file, entries.Values, dataStart, fileLength);
        return new SafetensorsHeader(entries, metadata);
    }

    static void CheckContiguous(string file, IEnumerable<SafetensorsEntry> entries, long dataStart, long fileLength)
    {
        long end = dataStart;
        foreach (var entry in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.Start + entry.ByteCount))
        {
            if (entry.Start != end)
                throw new CheckpointException(
                    file, entry.Name, $"its first byte at {entry.Start - dataStart}", $"{end - dataStart}, where the tensor before it ends");
            end = entry.Start + entry.ByteCount;
        }
        if (end != fileLength)
            throw new CheckpointException(file, "data", $"{fileLength - dataStart} bytes", $"{end - dataStart}, where the last tensor ends");
    }
}
