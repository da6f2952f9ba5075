using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Interchange.Onnx;

/// <summary>The layers of this engine as ONNX operators.</summary>
/// <param name="graph">receives the operators</param>
/// <param name="parameters">the weights, under their checkpoint names</param>
sealed class OnnxLayers(OnnxGraph graph, ParameterSet parameters)
{
    readonly HashSet<string> _constants = new(StringComparer.Ordinal);
    string? _directionAxis;

    /// <summary>Rows of a table: x [T,B] token ids, output [T,B,E].</summary>
    public string Embedding(string layer, string x, string output) => graph.Node("Gather", [Constant($"{layer}.weight"), x], output);

    /// <summary>y = x W' + b: x [T,B,I], output [T,B,O].</summary>
    /// <param name="weight">the parameter W [O,I]; another layer's where it is shared</param>
    /// <param name="bias">the parameter b [O]</param>
    /// <param name="x">the input</param>
    /// <param name="output">the name of the result</param>
    public string Linear(string weight, string bias, string x, string output)
    {
        string transposed = graph.Node("Transpose", [Constant(weight)], $"{output}.weight", OnnxAttribute.Of("perm", [1, 0]));
        string product = graph.Node("MatMul", [x, transposed], $"{output}.product");
        return graph.Node("Add", [product, Constant(bias)], output);
    }

    /// <summary>One recurrent layer in one direction: x [T,B,I], output [T,B,H]; its states [1,B,H] become inputs and outputs of the graph.</summary>
    /// <param name="options">the cell and H</param>
    /// <param name="suffix">of its parameters and states, <c>_l0</c></param>
    /// <param name="x">the input</param>
    /// <param name="states">receives the names of the states</param>
    /// <exception cref="NotSupportedException">ONNX has no operator for the cell</exception>
    public string Recurrent(RecurrentOptions options, string suffix, string x, List<OnnxState> states)
    {
        var cell = OnnxCell.Of(options);
        var weightHidden = parameters[$"rnn.weight_hh{suffix}"];
        int hidden = options.HiddenSize, gates = weightHidden.Shape[0] / hidden;
        string weightInputName = Gates($"rnn.weight_ih{suffix}", gates), weightHiddenName = Gates(weightHidden.Name, gates);
        string biasName = graph.Constant($"rnn.bias{suffix}", Biases(suffix, gates), 1, 2 * gates * hidden);
        var own = Array.ConvertAll(cell.States, state => new OnnxState($"{state}{suffix}", $"{state}{suffix}_next", hidden));
        foreach (var state in own)
        {
            graph.Input(state.Input, OnnxType.Float32, "1", OnnxGraph.Batch, $"{hidden}");
            graph.Output(state.Output, OnnxType.Float32, "1", OnnxGraph.Batch, $"{hidden}");
        }
        states.AddRange(own);
        // The empty input is the lengths of rows: all of T.
        graph.Node(
            cell.Operation, [x, weightInputName, weightHiddenName, biasName, "", .. own.Select(state => state.Input)],
            [$"outputs{suffix}", .. own.Select(state => state.Output)], cell.Attributes);
        _directionAxis ??= graph.Constant("direction_axis", 1L);
        return graph.Node("Squeeze", [$"outputs{suffix}", _directionAxis], $"hidden{suffix}");
    }

    // A shared matrix is written once.
    string Constant(string parameter) => _constants.Add(parameter)
        ? graph.Constant(parameter, parameters[parameter].Value.Span, parameters[parameter].Shape.ToArray())
        : parameter;

    string Gates(string parameter, int gates)
    {
        var tensor = parameters[parameter].Value;
        return graph.Constant(parameter, GateOrder.ToOnnx(tensor.Span, gates), 1, tensor.Shape[0], tensor.Shape[1]);
    }

    float[] Biases(string suffix, int gates) =>
    [
        .. GateOrder.ToOnnx(parameters[$"rnn.bias_ih{suffix}"].Value.Span, gates),
        .. GateOrder.ToOnnx(parameters[$"rnn.bias_hh{suffix}"].Value.Span, gates),
    ];
}
