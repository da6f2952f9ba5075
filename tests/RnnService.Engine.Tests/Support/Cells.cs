using RnnService.Engine.Layers;

namespace RnnService.Engine.Tests.Support;

/// <summary>Every recurrent cell by name, also with leaky units and skip connections in time.</summary>
static class Cells
{
    static readonly Dictionary<string, RecurrentOptions> s_options = new()
    {
        ["lstm"] = new() { Cell = CellKind.Lstm, HiddenSize = 1 },
        ["gru"] = new() { Cell = CellKind.Gru, HiddenSize = 1 },
        ["rnn-tanh"] = new() { Cell = CellKind.Rnn, HiddenSize = 1 },
        ["rnn-relu"] = new() { Cell = CellKind.Rnn, Activation = CellActivation.Relu, HiddenSize = 1 },
        ["rnn-sigmoid"] = new() { Cell = CellKind.Rnn, Activation = CellActivation.Sigmoid, HiddenSize = 1 },
        ["gru-reset-before"] = new() { Cell = CellKind.Gru, GruForm = GruForm.ResetBefore, HiddenSize = 1 },
        ["jordan-tanh"] = new() { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan, HiddenSize = 1 },
        ["jordan-relu"] = new() { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan, Activation = CellActivation.Relu, HiddenSize = 1 },
        ["jordan-sigmoid"] = new() { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan, Activation = CellActivation.Sigmoid, HiddenSize = 1 },
        ["rnn-leak"] = new() { Cell = CellKind.Rnn, Leak = 0.75, HiddenSize = 1 },
        ["lstm-leak"] = new() { Leak = 0.25, HiddenSize = 1 },
        ["lstm-skip-1"] = new() { TimeSkip = 1, HiddenSize = 1 },
        ["gru-leak-skip-3"] = new() { Cell = CellKind.Gru, Leak = 0.5, TimeSkip = 3, HiddenSize = 1 },
        ["gru-reset-before-skip-2"] = new() { Cell = CellKind.Gru, GruForm = GruForm.ResetBefore, TimeSkip = 2, HiddenSize = 1 },
        ["jordan-leak-skip-9"] = new() { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan, Leak = 0.5, TimeSkip = 9, HiddenSize = 1 },
    };

    internal static IEnumerable<string> Names => s_options.Keys;

    internal static RecurrentOptions Options(string name, int hiddenSize, int layers = 1) =>
        s_options[name] with { HiddenSize = hiddenSize, Layers = layers };
}
