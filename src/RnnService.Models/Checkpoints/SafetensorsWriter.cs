using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Checkpoints;

/// <summary>
/// Writes tensors to a safetensors file, some elements at a time. The same tensors in the same order give the same bytes.
/// </summary>
public static class SafetensorsWriter
{
    const int BufferLength = 1 << 16;
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
        // Nothing is written before every value is known to be storable.
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
            WriteElements(tensor, stream);
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
                json.WriteNumberValue(offset += tensor.ByteCount);
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
            var scales = RowScales(path, tensor);
            yield return new(tensor.Name + ".scale", StorageType.Float32, scales);
            yield return new(tensor.Name, StorageType.Int8, tensor.Value, scales);
        }
        else
        {
            var kept = type == StorageType.Int8 ? StorageType.Float32 : type;
            CheckStorable(path, tensor, kept);
            yield return new(tensor.Name, kept, tensor.Value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static Tensor RowScales(string path, Parameter tensor)
    {
        var scales = new Tensor(tensor.Shape[0]);
        for (int row = 0; row < scales.Length; row++)
        {
            float largest = 0;
            foreach (float value in tensor.Value.Row(row))
                largest = Math.Max(largest, Math.Abs(CheckFinite(path, tensor.Name, value)));
            scales.Span[row] = largest / sbyte.MaxValue;
        }
        return scales;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void CheckStorable(string path, Parameter tensor, StorageType type)
    {
        foreach (float value in tensor.Value.Span)
        {
            CheckFinite(path, tensor.Name, value);
            if (type == StorageType.Float16)
                CheckFinite(path, tensor.Name, (float)(Half)value);
            else if (type == StorageType.BFloat16)
                CheckFinite(path, tensor.Name, BitConverter.UInt32BitsToSingle((uint)UpperHalf(value) << 16));
        }
    }

    static void WriteElements(StoredTensor tensor, Stream stream)
    {
        int elementSize = SafetensorsEntry.ElementSize(tensor.Type);
        byte[] buffer = new byte[BufferLength];
        var values = tensor.Values.Span;
        for (int from = 0, count; from < values.Length; from += count)
        {
            count = Math.Min(values.Length - from, BufferLength / elementSize);
            var bytes = buffer.AsSpan(0, count * elementSize);
            if (tensor.Scales is { } scales)
                Quantize(values.Slice(from, count), from, tensor.Values.Shape.RowLength, scales.Span, bytes);
            else
                ToBytes(values.Slice(from, count), tensor.Type, bytes);
            stream.Write(bytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Quantize(ReadOnlySpan<float> values, int from, int rowLength, ReadOnlySpan<float> scales, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float scale = scales[(from + i) / rowLength];
            bytes[i] = scale == 0 ? (byte)0 : (byte)(sbyte)Math.Clamp(MathF.Round(values[i] / scale), -sbyte.MaxValue, sbyte.MaxValue);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ToBytes(ReadOnlySpan<float> values, StorageType type, Span<byte> bytes)
    {
        switch (type)
        {
            case StorageType.Float16:
                for (int i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)values[i]);
                break;
            case StorageType.BFloat16:
                for (int i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], UpperHalf(values[i]));
                break;
            default:
                for (int i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], values[i]);
                break;
        }
    }

    // Round to nearest, ties to even.
    static ushort UpperHalf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    static float CheckFinite(string path, string name, float value) => float.IsFinite(value) ? value
        : throw new CheckpointException(path, name, value.ToString(CultureInfo.InvariantCulture), "numbers the storage type can hold");

    sealed record StoredTensor(string Name, StorageType Type, Tensor Values, Tensor? Scales = null)
    {
        public Shape Shape => Values.Shape;

        public long ByteCount => (long)Values.Length * SafetensorsEntry.ElementSize(Type);
    }
}
