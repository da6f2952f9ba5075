namespace RnnService.Models.Interchange.Onnx;

/// <summary>A setting of an operator.</summary>
readonly struct OnnxAttribute
{
    const long WholeNumber = 2, WholeNumbers = 7, Texts = 8;

    OnnxAttribute(ProtobufMessage message) => Message = message;

    /// <summary>The attribute as the format writes it.</summary>
    public ProtobufMessage Message { get; }

    public static OnnxAttribute Of(string name, long value) => new(new ProtobufMessage().Add(1, name).Add(3, value).Add(20, WholeNumber));

    public static OnnxAttribute Of(string name, ReadOnlySpan<long> values)
    {
        var message = new ProtobufMessage().Add(1, name);
        foreach (long value in values)
            message.Add(8, value);
        return new OnnxAttribute(message.Add(20, WholeNumbers));
    }

    public static OnnxAttribute Of(string name, params IEnumerable<string> values) => new(new ProtobufMessage().Add(1, name).Add(9, values).Add(20, Texts));
}
