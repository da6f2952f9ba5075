using RnnService.Engine.Layers;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.LanguageModels;

/// <summary>Architectures that differ in their cell, by name.</summary>
static class CellModels
{
    static readonly ModelSettings s_lstm = new() { Layers = 2, HiddenSize = 8, EmbeddingSize = 6, TieEmbeddings = true, Dropout = 0.25 };

    static readonly Dictionary<string, ModelSettings> s_settings = new()
    {
        ["gru"] = s_lstm with { Cell = CellKind.Gru },
        ["gru, residual"] = s_lstm with { Cell = CellKind.Gru, Residual = true },
        ["gru, reset before, skip"] = s_lstm with { Cell = CellKind.Gru, GruForm = GruForm.ResetBefore, TimeSkip = 2 },
        ["rnn"] = s_lstm with { Cell = CellKind.Rnn },
        ["rnn, sigmoid, leak"] = s_lstm with { Cell = CellKind.Rnn, Activation = CellActivation.Sigmoid, Leak = 0.5 },
        ["rnn, relu, identity"] = s_lstm with { Cell = CellKind.Rnn, Activation = CellActivation.Relu, Initialization = RecurrentInitialization.Identity },
        ["jordan"] = s_lstm with { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan },
        ["lstm, leak, skip, orthogonal"] =
            s_lstm with { Leak = 0.25, TimeSkip = 3, ForgetBias = 2, Initialization = RecurrentInitialization.Orthogonal },
    };

    internal static TheoryData<string> Names => [.. s_settings.Keys];

    internal static ModelSettings Settings(string name) => s_settings[name];
}
