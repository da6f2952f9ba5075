using System.Text.Json;

namespace RnnService.Models.Checkpoints;

/// <summary>Where and how a safetensors file stores a tensor.</summary>
/// <param name="Name">its name</param>
/// <param name="Type">how its elements are stored</param>
/// <param name="Sizes">its sizes, outermost first; none for a scalar</param>
/// <param name="Start">offset of its first byte in the file</param>
/// <param name="ByteCount">number of its bytes</param>
public sealed record SafetensorsEntry(string Name, StorageType Type, IReadOnlyList<long> Sizes, long Start, long ByteCount)
{
    const int HighestRank = 16;

    /// <summary>Number of its elements.</summary>
    public long ElementCount => ByteCount / ElementSize(Type);

    /// <summary>For example <c>float16 [2048,512]</c>.</summary>
    public string Describe() => $"{Type.ToString().ToLowerInvariant()} [{string.Join(',', Sizes)}]";

    /// <summary>Bytes of an element.</summary>
    internal static int ElementSize(StorageType type) => type switch
    {
        StorageType.Float32 => 4,
        StorageType.Float16 or StorageType.BFloat16 => 2,
        _ => 1,
    };

    /// <summary>The name of the type in the file.</summary>
    internal static string FileName(StorageType type) => type switch
    {
        StorageType.Float32 => "F32",
        StorageType.Float16 => "F16",
        StorageType.BFloat16 => "BF16",
        _ => "I8",
    };

    internal static SafetensorsEntry Parse(string name, JsonField field, long dataStart, long fileLength)
    {
        var dtype = field.Required("dtype");
        var type = dtype.AsString() switch
        {
            "F32" => StorageType.Float32,
            "F16" => StorageType.Float16,
            "BF16" => StorageType.BFloat16,
            "I8" => StorageType.Int8,
            _ => throw dtype.Unexpected("F32, F16, BF16 or I8"),
        };
        var shape = field.Required("shape");
        var sizes = ReadNumbers(shape, HighestRank);
        var offsets = field.Required("data_offsets");
        var range = ReadNumbers(offsets, 2);
        long dataLength = fileLength - dataStart;
        if (range.Count != 2 || range[0] > range[1] || range[1] > dataLength)
            throw offsets.Unexpected($"begin and end within the {dataLength} bytes of data");

        long byteCount = range[1] - range[0];
        if (ByteCountOf(sizes, type) is not { } needed)
            throw shape.Unexpected("sizes whose product is a number of bytes");
        if (needed != byteCount)
            throw offsets.Unexpected($"{needed} bytes for {FileName(type)} [{string.Join(',', sizes)}]");
        return new SafetensorsEntry(name, type, sizes, dataStart + range[0], byteCount);
    }

    static List<long> ReadNumbers(JsonField field, int most)
    {
        var numbers = new List<long>();
        foreach (var item in field.Items())
        {
            if (item.Element.ValueKind != JsonValueKind.Number || !item.Element.TryGetInt64(out long number) || number < 0)
                throw item.Unexpected("a whole number of at least 0");
            if (numbers.Count == most)
                throw field.Unexpected($"at most {most} numbers");
            numbers.Add(number);
        }
        return numbers;
    }

    static long? ByteCountOf(List<long> sizes, StorageType type)
    {
        Int128 count = ElementSize(type);
        foreach (long size in sizes)
        {
            // A later size of zero does not excuse an overflow: no honest file has one.
            count *= Math.Max(size, 1);
            if (count > long.MaxValue)
                return null;
        }
        return sizes.Contains(0) ? 0 : (long)count;
    }
}
