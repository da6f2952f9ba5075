using RnnService.Engine.Layers;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Interchange.PyTorch;

/// <summary>
/// The architecture of the language model in a <c>state_dict</c> and the names of its parts: what the mapping does not name is found by its
/// shape. Layers, sizes and the cell follow from the recurrent weights, V from the embedding.
/// </summary>
/// <remarks>The output layer is tied to the embedding where it has no weight of its own, or (<see cref="PyTorchImport"/>) an equal one.</remarks>
sealed class StateDictLayout
{
    readonly StateDict _tensors;
    readonly string _rnn;
    readonly bool _hasRecurrentBiases;
    readonly string? _projection;
    readonly string? _outputWeight;
    readonly string? _outputBias;

    /// <exception cref="CheckpointException">a part is missing, could be one of several tensors, or is of a shape that does not fit</exception>
    public StateDictLayout(StateDict tensors, PyTorchMapping mapping)
    {
        _tensors = tensors;
        _rnn = mapping.Rnn ?? Prefix(Only("rnn", "a tensor called …weight_hh_l0",
            tensor => tensor.Name.EndsWith("weight_hh_l0", StringComparison.Ordinal)), "weight_hh_l0");
        Cell = ReadCell();
        Layers = CountLayers();
        CheckFits(mapping);
        _hasRecurrentBiases = tensors.Has($"{_rnn}bias_ih_l0");
        EmbeddingSize = tensors.Matrix($"{_rnn}weight_ih_l0").Columns;
        Embedding = mapping.Embedding ?? Only("embedding", $"a matrix [V,{EmbeddingSize}] without a bias",
            tensor => IsPart(tensor, [null, EmbeddingSize]) && !tensors.Has(BiasBeside(tensor.Name)));
        (VocabularySize, int width) = tensors.Matrix(Embedding);
        if (width != EmbeddingSize)
            throw tensors.Unexpected(Embedding, $"[V,{EmbeddingSize}], as wide as {_rnn}weight_ih_l0");
        (_outputWeight, _outputBias) = FindOutput(mapping.Output);
        bool canBeProjected = HiddenSize != EmbeddingSize && (_outputWeight is null || tensors.Matrix(_outputWeight).Columns == EmbeddingSize);
        _projection = mapping.Projection ?? (canBeProjected ? FindProjection() : null);
        int inputSize = _projection is null ? HiddenSize : EmbeddingSize;
        if (_outputWeight is not null && tensors.Matrix(_outputWeight) != (VocabularySize, inputSize))
            throw tensors.Unexpected(_outputWeight, $"[{VocabularySize},{inputSize}]");
        if (_outputWeight is null && inputSize != EmbeddingSize)
        {
            throw tensors.Missing(
                "output", $"a matrix [{VocabularySize},{HiddenSize}], or a projection [{EmbeddingSize},{HiddenSize}] before an output tied to the embedding");
        }
    }

    /// <summary>The cell, by the number of its gates.</summary>
    public CellKind Cell { get; }

    /// <summary>Stacked layers.</summary>
    public int Layers { get; }

    /// <summary>H.</summary>
    public int HiddenSize { get; private set; }

    /// <summary>E.</summary>
    public int EmbeddingSize { get; }

    /// <summary>V.</summary>
    public int VocabularySize { get; }

    /// <summary>The name of the embedding matrix [V,E].</summary>
    public string Embedding { get; }

    /// <summary>Whether a linear layer H → E stands before the output.</summary>
    public bool IsProjected => _projection is not null;

    /// <summary>The name of the output's own matrix; null where there is none.</summary>
    public string? OutputWeight => _outputWeight;

    /// <summary>The name there of a parameter of <see cref="LanguageModel"/>; null for a bias that is not there, which is zero.</summary>
    public string? NameOf(string parameter)
    {
        if (parameter.StartsWith("rnn.", StringComparison.Ordinal))
            return parameter.Contains("bias", StringComparison.Ordinal) && !_hasRecurrentBiases ? null : _rnn + parameter["rnn.".Length..];
        return parameter switch
        {
            "embedding.weight" => Embedding,
            "projection.weight" => $"{_projection}weight",
            "projection.bias" => Existing($"{_projection}bias"),
            "output.weight" => _outputWeight,
            "output.bias" => _outputBias,
            _ => throw new NotSupportedException($"No parameter of a language model is called '{parameter}'."),
        };
    }

    CellKind ReadCell()
    {
        string name = $"{_rnn}weight_hh_l0";
        Refuse("weight_hr_l0", "an LSTM with projected states (proj_size) is not supported");
        Refuse("weight_ho_l0", "a network that feeds its outputs back (Jordan) is not supported");
        (int rows, HiddenSize) = _tensors.Matrix(name);
        return (rows % HiddenSize == 0 ? rows / HiddenSize : 0) switch
        {
            1 => CellKind.Rnn,
            3 => CellKind.Gru,
            4 => CellKind.Lstm,
            _ => throw _tensors.Unexpected(name, $"[G*{HiddenSize},{HiddenSize}] with 1, 3 or 4 gates"),
        };
    }

    int CountLayers()
    {
        int layers = 0;
        while (_tensors.Has($"{_rnn}weight_ih_l{layers}"))
        {
            Refuse($"weight_ih_l{layers}_reverse", "a language model cannot be bidirectional");
            layers++;
        }
        return layers > 0 ? layers : throw _tensors.Missing($"{_rnn}weight_ih_l0", "a matrix");
    }

    void CheckFits(PyTorchMapping mapping)
    {
        CheckCell(mapping.Activation != default, "activation", CellKind.Rnn, "1 gate");
        CheckCell(mapping.GruForm != default, "gruForm", CellKind.Gru, "3 gates");
        CheckCell(mapping.UpdateGateRenews, "updateGate", CellKind.Gru, "3 gates");
        if (mapping.Residual && Layers == 1)
            throw _tensors.Missing($"{_rnn}weight_ih_l1", "a second layer, as the mapping's 'residual' goes around layers above the first");
    }

    void CheckCell(bool isSet, string field, CellKind owner, string gates)
    {
        if (isSet && Cell != owner)
            throw _tensors.Unexpected($"{_rnn}weight_hh_l0", $"{gates}, as the mapping's '{field}' is of cell {owner}");
    }

    void Refuse(string name, string reason)
    {
        if (_tensors.Has(_rnn + name))
            throw _tensors.Unexpected(_rnn + name, $"no tensor of this name: {reason}");
    }

    (string? Weight, string? Bias) FindOutput(string? prefix)
    {
        if (prefix is not null)
        {
            return (Existing($"{prefix}weight"), Existing($"{prefix}bias")) is var named and not (null, null) ? named
                : throw _tensors.Missing($"{prefix}weight", $"a matrix [{VocabularySize},{HiddenSize}], as the mapping's 'output' names it");
        }
        string? weight = AtMostOne("output", tensor => IsPart(tensor, [VocabularySize, HiddenSize]) || IsPart(tensor, [VocabularySize, EmbeddingSize]));
        return (weight, weight is null ? AtMostOne("output", tensor => IsPart(tensor, [VocabularySize])) : Existing(BiasBeside(weight)));
    }

    string? FindProjection() =>
        AtMostOne("projection", tensor => tensor.Name != _outputWeight && IsPart(tensor, [EmbeddingSize, HiddenSize])) is { } weight ? Prefix(weight, "weight") : null;

    string? Existing(string name) => _tensors.Has(name) ? name : null;

    // Not recurrent, and of these sizes; null stands for any.
    bool IsPart(SafetensorsEntry tensor, long?[] sizes) =>
        !tensor.Name.StartsWith($"{_rnn}weight_", StringComparison.Ordinal) && !tensor.Name.StartsWith($"{_rnn}bias_", StringComparison.Ordinal)
        && tensor.Sizes.Count == sizes.Length && tensor.Sizes.Zip(sizes).All(pair => pair.Second is null || pair.First == pair.Second);

    string Only(string part, string expected, Func<SafetensorsEntry, bool> isPart) =>
        AtMostOne(part, isPart) ?? throw _tensors.Missing(part, $"{expected}, or its name in the mapping's '{part}'");

    string? AtMostOne(string part, Func<SafetensorsEntry, bool> isPart)
    {
        string[] found = [.. _tensors.Unused.Where(isPart).Select(tensor => tensor.Name)];
        return found.Length < 2 ? found.FirstOrDefault()
            : throw new CheckpointException(_tensors.File, part, string.Join(" and ", found), $"one tensor of this shape, or its name in the mapping's '{part}'");
    }

    static string Prefix(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;

    static string BiasBeside(string weight) => Prefix(weight, "weight") + "bias";
}
