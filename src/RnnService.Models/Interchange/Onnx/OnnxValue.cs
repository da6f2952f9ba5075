using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace RnnService.Models.Interchange.Onnx;

/// <summary>A tensor given to <see cref="OnnxRuntime"/>.</summary>
public sealed class OnnxValue
{
    readonly string _type;
    readonly int[] _sizes;
    readonly byte[] _bytes;

    /// <param name="name">of the graph's input</param>
    /// <param name="values">in row-major order</param>
    /// <param name="sizes">outermost first</param>
    public OnnxValue(string name, ReadOnlySpan<float> values, params int[] sizes)
        : this(name, "float32", MemoryMarshal.AsBytes(values), sizes) { }

    /// <inheritdoc cref="OnnxValue(string, ReadOnlySpan{float}, int[])"/>
    public OnnxValue(string name, ReadOnlySpan<long> values, params int[] sizes)
        : this(name, "int64", MemoryMarshal.AsBytes(values), sizes) { }

    OnnxValue(string name, string type, ReadOnlySpan<byte> bytes, int[] sizes)
    {
        Name = name;
        _type = type;
        _sizes = sizes;
        _bytes = bytes.ToArray();
    }

    /// <summary>The name of the graph's input.</summary>
    public string Name { get; }

    internal JsonObject ToJson() => new()
    {
        ["type"] = _type,
        ["sizes"] = new JsonArray([.. _sizes.Select(size => (JsonNode)size)]),
        ["data"] = Convert.ToBase64String(_bytes),
    };
}
