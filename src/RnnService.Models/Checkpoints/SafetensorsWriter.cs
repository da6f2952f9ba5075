using System.Buffers.Binary;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Checkpoints;

/// <summary>Writes tensors to a safetensors file. The same tensors in the same order give the same bytes.</summary>
public static class SafetensorsWriter
{
    static readonly JsonWriterOptions _writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes all tensors to <paramref name="path"/>, replacing what is there.</summary>
    /// <param name="path">the file</param>
    /// <param name="tensors">names and values; no name twice</param>
    /// <param name="type">how elements are stored</param>
    /// <param name="metadata">free texts for the header, if any</param>
    /// <exception cref="CheckpointException">a value is not finite as <paramref name="type"/> stores it</exception>
    public static void Write(
        string path, IEnumerable<Parameter> tensors, StorageType type = StorageType.Float32, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var stored = tensors.SelectMany(tensor => Store(path, tensor, type))
            // Wide elements first: then each tensor is aligned to its element size.
            .OrderByDescending(tensor => SafetensorsEntry.ElementSize(tensor.Type)).ToList();
        byte[] header = WriteHeader(stored, metadata);
        using var stream = File.Create(path);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var tensor in stored)
            stream.Write(tensor.Bytes);
    }

    static byte[] WriteHeader(List<StoredTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, _writing))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataName);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsEntry.FileName(tensor.Type));
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape.ToArray())
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes.LongLength);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Blanks fill the header up, so that the data start aligned.
        while (stream.Length % SafetensorsHeader.PrefixLength != 0)
            stream.WriteByte((byte)' ');
        return stream.ToArray();
    }

    static IEnumerable<StoredTensor> Store(string path, Parameter tensor, StorageType type)
    {
        if (type == StorageType.Int8 && tensor.Shape.Rank > 1)
        {
            var (scales, elements) = Quantize(path, tensor);
            yield return new(tensor.Name + ".scale", StorageType.Float32, scales.Shape, ToBytes(path, tensor.Name, scales, StorageType.Float32));
            yield return new(tensor.Name, StorageType.Int8, tensor.Shape, elements);
        }
        else
        {
            var kept = type == StorageType.Int8 ? StorageType.Float32 : type;
            yield return new(tensor.Name, kept, tensor.Shape, ToBytes(path, tensor.Name, tensor.Value, kept));
        }
    }

    static (Tensor Scales, byte[] Elements) Quantize(string path, Parameter tensor)
    {
        int rows = tensor.Shape[0];
        var scales = new Tensor(rows);
        byte[] elements = new byte[tensor.Value.Length];
        for (int row = 0; row < rows; row++)
        {
            var values = tensor.Value.Row(row);
            float largest = 0;
            foreach (float value in values)
                largest = Math.Max(largest, Math.Abs(CheckFinite(path, tensor.Name, value)));
            float scale = scales.Span[row] = largest / sbyte.MaxValue;
            for (int i = 0; i < values.Length; i++)
                elements[row * values.Length + i] = scale == 0 ? (byte)0
                    : (byte)(sbyte)Math.Clamp(MathF.Round(values[i] / scale), -sbyte.MaxValue, sbyte.MaxValue);
        }
        return (scales, elements);
    }

    static byte[] ToBytes(string path, string name, Tensor tensor, StorageType type)
    {
        int elementSize = SafetensorsEntry.ElementSize(type);
        byte[] bytes = new byte[(long)tensor.Length * elementSize];
        var values = tensor.Span;
        for (int i = 0; i < values.Length; i++)
        {
            var element = bytes.AsSpan(i * elementSize, elementSize);
            float value = CheckFinite(path, name, values[i]);
            switch (type)
            {
                case StorageType.Float16:
                    var half = (Half)value;
                    CheckFinite(path, name, (float)half);
                    BinaryPrimitives.WriteHalfLittleEndian(element, half);
                    break;
                case StorageType.BFloat16:
                    uint bits = BitConverter.SingleToUInt32Bits(value);
                    // Round to nearest, ties to even.
                    ushort upper = (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
                    CheckFinite(path, name, BitConverter.UInt32BitsToSingle((uint)upper << 16));
                    BinaryPrimitives.WriteUInt16LittleEndian(element, upper);
                    break;
                default:
                    BinaryPrimitives.WriteSingleLittleEndian(element, value);
                    break;
            }
        }
        return bytes;
    }

    static float CheckFinite(string path, string name, float value) => float.IsFinite(value) ? value
        : throw new CheckpointException(path, name, value.ToString(CultureInfo.InvariantCulture), "numbers the storage type can hold");

    sealed record StoredTensor(string Name, StorageType Type, Shape Shape, byte[] Bytes);
}
