using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Checkpoints;

/// <summary>
/// Reads tensors from a safetensors file as <see cref="float"/>, whatever they are stored as. The file may hold anything: every defect
/// is a <see cref="CheckpointException"/>, and no memory is taken for a number that the length of the file does not bear out.
/// </summary>
public sealed class SafetensorsReader : IDisposable
{
    const string ScaleSuffix = ".scale";
    readonly string _file;
    readonly SafeFileHandle _handle;
    readonly SafetensorsHeader _header;
    readonly byte[] _buffer = new byte[1 << 16];

    SafetensorsReader(string file, SafeFileHandle handle)
    {
        _file = file;
        _handle = handle;
        _header = SafetensorsHeader.Read(file, handle);
        Tensors = [.. _header.Entries.Values.Where(entry => !IsScale(entry.Name)).OrderBy(entry => entry.Start)];
    }

    /// <summary>The tensors in the order of their bytes; scales of int8 tensors are not listed.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors { get; }

    /// <summary>The free texts of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">there is no such file, or its header is not as the format says</exception>
    public static SafetensorsReader Open(string path)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException(path, "file", "nothing", "a safetensors file", missing);
        }
        try
        {
            return new SafetensorsReader(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Fills parameters from the tensors of their names: the file must hold these and no others, in these shapes.</summary>
    /// <exception cref="CheckpointException">a tensor is missing, one too many, of another shape, or not finite</exception>
    public void ReadInto(IReadOnlyCollection<Parameter> parameters)
    {
        var names = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in Tensors)
            if (!names.Contains(entry.Name))
                throw new CheckpointException(_file, entry.Name, entry.Describe(), "no tensor of this name");
        foreach (var parameter in parameters)
            Read(parameter.Name, parameter.Value);
    }

    /// <summary>Fills <paramref name="destination"/> from the tensor called <paramref name="name"/>.</summary>
    /// <exception cref="CheckpointException">the tensor is missing, of another shape, or not finite</exception>
    public void Read(string name, Tensor destination)
    {
        if (!_header.Entries.TryGetValue(name, out var entry))
            throw new CheckpointException(_file, name, "nothing", $"a tensor {destination.Shape}");
        if (!entry.Sizes.SequenceEqual(destination.Shape.ToArray().Select(size => (long)size)))
            throw new CheckpointException(_file, name, entry.Describe(), destination.Shape.ToString());
        ReadElements(entry, destination.Span);
        if (entry.Type == StorageType.Int8)
            Scale(entry, destination);
        CheckFinite(name, destination.Span);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    void ReadElements(SafetensorsEntry entry, Span<float> destination)
    {
        int elementSize = SafetensorsEntry.ElementSize(entry.Type);
        int done = 0;
        while (done < destination.Length)
        {
            int count = Math.Min(destination.Length - done, _buffer.Length / elementSize);
            var bytes = _buffer.AsSpan(0, count * elementSize);
            SafetensorsHeader.ReadExactly(_file, _handle, bytes, entry.Start + (long)done * elementSize);
            ToFloats(bytes, entry.Type, destination.Slice(done, count));
            done += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ToFloats(ReadOnlySpan<byte> bytes, StorageType type, Span<float> destination)
    {
        switch (type)
        {
            case StorageType.Float32:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case StorageType.Float16:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            case StorageType.BFloat16:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                break;
            default:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (sbyte)bytes[i];
                break;
        }
    }

    void Scale(SafetensorsEntry entry, Tensor destination)
    {
        int rows = destination.Shape[0];
        string name = entry.Name + ScaleSuffix;
        if (!_header.Entries.TryGetValue(name, out var scale) || scale.Type != StorageType.Float32 || !scale.Sizes.SequenceEqual([rows]))
            throw new CheckpointException(_file, name, scale?.Describe() ?? "nothing", $"float32 [{rows}], a scale for each row of {entry.Name}");
        float[] scales = new float[rows];
        ReadElements(scale, scales);
        CheckFinite(name, scales);
        for (int row = 0; row < rows; row++)
            foreach (ref float value in destination.Row(row))
                value *= scales[row];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void CheckFinite(string name, ReadOnlySpan<float> values)
    {
        // 0 * x is 0 for every finite x and NaN for all others.
        var sum = Vector<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
            sum += vector * Vector<float>.Zero;
        float rest = Vector.Sum(sum);
        foreach (float value in values[(vectors.Length * Vector<float>.Count)..])
            rest += value * 0;
        if (rest == 0)
            return;
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw new CheckpointException(_file, name, $"{values[i]} at element {i}", "finite numbers");
    }

    bool IsScale(string name) => name.EndsWith(ScaleSuffix, StringComparison.Ordinal)
        && _header.Entries.TryGetValue(name[..^ScaleSuffix.Length], out var scaled) && scaled.Type == StorageType.Int8;
}
