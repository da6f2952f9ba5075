using System.Runtime.InteropServices;

namespace RnnService.Models.Interchange.Onnx;

/// <summary>
/// A computation graph in the ONNX format (<see href="https://onnx.ai/onnx/repo-docs/IR.html"/>): constants, nodes, inputs and outputs, each
/// value known by its name. The numbers of fields are those of the format's messages.
/// </summary>
/// <param name="name">the graph's name</param>
sealed class OnnxGraph(string name)
{
    /// <summary>The version of the operators: the earliest with all that is used here, for the oldest readers.</summary>
    public const int OperatorSet = 14;

    /// <summary>The size of the time dimension, which varies.</summary>
    public const string Time = "time";

    /// <summary>The size of the batch dimension, which varies.</summary>
    public const string Batch = "batch";

    const int FormatVersion = 7;

    readonly List<ProtobufMessage> _constants = [];
    readonly List<ProtobufMessage> _nodes = [];
    readonly List<ProtobufMessage> _inputs = [];
    readonly List<ProtobufMessage> _outputs = [];

    /// <summary>Adds weights; returns their name.</summary>
    public string Constant(string constant, ReadOnlySpan<float> values, params ReadOnlySpan<int> sizes) =>
        Constant(constant, OnnxType.Float32, MemoryMarshal.AsBytes(values), sizes);

    /// <summary>Adds whole numbers, [n]; returns their name.</summary>
    public string Constant(string constant, params ReadOnlySpan<long> values) =>
        Constant(constant, OnnxType.Int64, MemoryMarshal.AsBytes(values), values.Length);

    /// <summary>Adds an operator with one output; returns the output's name.</summary>
    public string Node(string operation, string[] inputs, string output, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        Node(operation, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds an operator; an empty input name stands for one that is left out.</summary>
    public void Node(string operation, string[] inputs, string[] outputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var node = new ProtobufMessage().Add(1, inputs).Add(2, outputs).Add(3, $"{operation}:{outputs[0]}").Add(4, operation);
        foreach (var attribute in attributes)
            node.Add(5, attribute.Message);
        _nodes.Add(node);
    }

    /// <summary>Adds an input; sizes are numbers or the names of those that vary.</summary>
    public string Input(string input, OnnxType type, params ReadOnlySpan<string> sizes)
    {
        _inputs.Add(ValueInfo(input, type, sizes));
        return input;
    }

    /// <summary>Makes a value an output.</summary>
    public void Output(string output, OnnxType type, params ReadOnlySpan<string> sizes) => _outputs.Add(ValueInfo(output, type, sizes));

    /// <summary>Writes the model of this graph.</summary>
    /// <param name="stream">the file</param>
    /// <param name="producer">the program that writes it</param>
    /// <param name="description">what inputs and outputs mean</param>
    /// <exception cref="IOException">the file would have 2 GiB or more</exception>
    public void WriteTo(Stream stream, string producer, string description)
    {
        var graph = new ProtobufMessage().Add(1, _nodes).Add(2, name).Add(5, _constants).Add(11, _inputs).Add(12, _outputs);
        new ProtobufMessage()
            .Add(1, FormatVersion).Add(2, producer).Add(6, description).Add(7, graph)
            .Add(8, new ProtobufMessage().Add(1, "").Add(2, OperatorSet))
            .WriteTo(stream);
    }

    string Constant(string constant, OnnxType type, ReadOnlySpan<byte> values, params ReadOnlySpan<int> sizes)
    {
        var tensor = new ProtobufMessage();
        foreach (int size in sizes)
            tensor.Add(1, size);
        _constants.Add(tensor.Add(2, (long)type).Add(8, constant).Add(9, values));
        return constant;
    }

    static ProtobufMessage ValueInfo(string value, OnnxType type, ReadOnlySpan<string> sizes)
    {
        var shape = new ProtobufMessage();
        foreach (string size in sizes)
            shape.Add(1, long.TryParse(size, out long fixedSize) ? new ProtobufMessage().Add(1, fixedSize) : new ProtobufMessage().Add(2, size));
        var tensorType = new ProtobufMessage().Add(1, (long)type).Add(2, shape);
        return new ProtobufMessage().Add(1, value).Add(2, new ProtobufMessage().Add(1, tensorType));
    }
}
