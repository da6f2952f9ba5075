using RnnService.Engine.Layers;

namespace RnnService.Engine.Tests.Support;

/// <summary>Every recurrent cell by name.</summary>
static class Cells
{
    static readonly Dictionary<string, RecurrentOptions> s_options = new()
    {
        ["lstm"] = new() { Cell = CellKind.Lstm, HiddenSize = 1 },
        ["gru"] = new() { Cell = CellKind.Gru, HiddenSize = 1 },
        ["rnn-tanh"] = new() { Cell = CellKind.Rnn, HiddenSize = 1 },
        ["rnn-relu"] = new() { Cell = CellKind.Rnn, Activation = CellActivation.Relu, HiddenSize = 1 },
        ["rnn-sigmoid"] = new() { Cell = CellKind.Rnn, Activation = CellActivation.Sigmoid, HiddenSize = 1 },
    };

    internal static IEnumerable<string> Names => s_options.Keys;

    internal static RecurrentOptions Options(string name, int hiddenSize, int layers = 1) =>
        s_options[name] with { HiddenSize = hiddenSize, Layers = layers };
}
