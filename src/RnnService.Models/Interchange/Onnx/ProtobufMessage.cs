using Google.Protobuf;

namespace RnnService.Models.Interchange.Onnx;

/// <summary>
/// A protocol buffers message (<see href="https://protobuf.dev/programming-guides/encoding/"/>): numbered fields, written in the order they
/// were added. Sizes are summed as fields are added, so that no message is copied into the one around it.
/// </summary>
sealed class ProtobufMessage
{
    readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>Bytes of the message.</summary>
    public long Size { get; private set; }

    /// <summary>Adds a whole number (int32, int64 or enum).</summary>
    public ProtobufMessage Add(int field, long value) =>
        Add(field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Add(int field, string value) =>
        Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value), output => output.WriteString(value));

    /// <summary>Adds each text: a repeated field.</summary>
    public ProtobufMessage Add(int field, IEnumerable<string> values)
    {
        foreach (string value in values)
            Add(field, value);
        return this;
    }

    /// <summary>Adds a message inside this one.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage value)
    {
        long size = CodedOutputStream.ComputeUInt64Size((ulong)value.Size) + value.Size;
        return Add(field, WireFormat.WireType.LengthDelimited, size, output =>
        {
            output.WriteLength((int)value.Size);
            value.Write(output);
        });
    }

    /// <summary>Adds each message: a repeated field.</summary>
    public ProtobufMessage Add(int field, IEnumerable<ProtobufMessage> values)
    {
        foreach (var value in values)
            Add(field, value);
        return this;
    }

    /// <summary>Adds bytes, which are copied.</summary>
    public ProtobufMessage Add(int field, ReadOnlySpan<byte> value)
    {
        var bytes = ByteString.CopyFrom(value);
        return Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeBytesSize(bytes), output => output.WriteBytes(bytes));
    }

    /// <summary>Writes the message.</summary>
    /// <exception cref="IOException">it has 2 GiB or more, which the format does not hold</exception>
    public void WriteTo(Stream stream)
    {
        if (Size > int.MaxValue)
            throw new IOException($"The file would have {Size} bytes; protocol buffers hold {int.MaxValue} at most.");
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        Write(output);
    }

    void Write(CodedOutputStream output)
    {
        foreach (var write in _fields)
            write(output);
    }

    ProtobufMessage Add(int field, WireFormat.WireType type, long size, Action<CodedOutputStream> write)
    {
        Size += CodedOutputStream.ComputeTagSize(field) + size;
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
