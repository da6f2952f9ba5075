using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Interchange.PyTorch;

/// <summary>
/// Where a <c>state_dict</c> keeps the parts of a language model, and what its shapes do not tell: a small JSON file. Every field may be
/// missing; a part that is not named is found by its shape.
/// </summary>
/// <example><c>{ "embedding": "encoder.weight", "rnn": "lstm.", "output": "decoder.", "tokenizer": { "lowercase": true, "endOfSequence": "&lt;/s&gt;" } }</c></example>
public sealed record PyTorchMapping
{
    /// <summary>The name of the embedding matrix [V,E].</summary>
    public string? Embedding { get; init; }

    /// <summary>What stands before <c>weight_ih_l0</c>.</summary>
    public string? Rnn { get; init; }

    /// <summary>What stands before <c>weight</c> and <c>bias</c> of a linear layer H → E between the recurrent layers and a tied output.</summary>
    public string? Projection { get; init; }

    /// <summary>What stands before <c>weight</c> and <c>bias</c> of the output layer.</summary>
    public string? Output { get; init; }

    /// <summary>What an RNN, which has one gate, applies to its sums.</summary>
    public CellActivation Activation { get; init; }

    /// <summary>Where the reset gate of a GRU acts.</summary>
    public GruForm GruForm { get; init; }

    /// <summary>Whether the update gate of a GRU says how much is new, and not how much is kept (<see cref="GateOrder"/>).</summary>
    public bool UpdateGateRenews { get; init; }

    /// <summary>Whether the input of every recurrent layer but the first is added to its output.</summary>
    public bool Residual { get; init; }

    /// <summary>The names of tensors that are no part of the model.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>What a list of tokens does not tell about itself; null where a <c>tokenizer.json</c> tells all.</summary>
    public VocabularyMapping? Tokenizer { get; init; }

    /// <summary>Reads a mapping file.</summary>
    /// <exception cref="CheckpointException">it is missing or broken, or a field is unknown or of another kind</exception>
    public static PyTorchMapping Read(string path)
    {
        var root = JsonField.Open(path);
        root.RejectOtherThan(["embedding", "rnn", "projection", "output", "activation", "gruForm", "updateGate", "residual", "ignore", "tokenizer"]);
        return new PyTorchMapping
        {
            Embedding = root.Optional("embedding").AsStringOrNull(),
            Rnn = root.Optional("rnn").AsStringOrNull(),
            Projection = root.Optional("projection").AsStringOrNull(),
            Output = root.Optional("output").AsStringOrNull(),
            Activation = Choice(root.Optional("activation"), ("tanh", CellActivation.Tanh), ("relu", CellActivation.Relu), ("sigmoid", CellActivation.Sigmoid)),
            GruForm = Choice(root.Optional("gruForm"), ("reset-after", GruForm.ResetAfter), ("reset-before", GruForm.ResetBefore)),
            UpdateGateRenews = Choice(root.Optional("updateGate"), ("keeps", false), ("renews", true)),
            Residual = Flag(root.Optional("residual")),
            Ignore = root.Optional("ignore") is { IsNull: false } ignore ? [.. ignore.Items().Select(name => name.AsString())] : [],
            Tokenizer = root.Optional("tokenizer") is { IsNull: false } tokenizer ? VocabularyMapping.Read(tokenizer) : null,
        };
    }

    /// <summary>One of several words; the first where the field is missing.</summary>
    internal static T Choice<T>(JsonField field, params ReadOnlySpan<(string Word, T Meaning)> choices)
    {
        if (field.IsNull)
            return choices[0].Meaning;
        string word = field.AsString();
        var words = new List<string>();
        foreach (var choice in choices)
        {
            if (choice.Word == word)
                return choice.Meaning;
            words.Add($"'{choice.Word}'");
        }
        throw field.Unexpected($"{string.Join(", ", words[..^1])} or {words[^1]}");
    }

    /// <summary>True or false; false where the field is missing.</summary>
    internal static bool Flag(JsonField field) => !field.IsNull && field.AsFlag();
}
