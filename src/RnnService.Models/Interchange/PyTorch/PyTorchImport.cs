using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Interchange.PyTorch;

/// <summary>A language model read from a PyTorch <c>state_dict</c>: Embedding, RNN, LSTM or GRU, and Linear.</summary>
/// <param name="Model">the model</param>
/// <param name="Tokenizer">its tokens; special ones come first, and rows of matrices were moved accordingly</param>
/// <param name="AbsentTokens">the special tokens it was not trained with: they read as zeros and are never predicted</param>
public sealed record PyTorchImport(LanguageModel Model, ITokenizer Tokenizer, IReadOnlyList<string> AbsentTokens)
{
    // The logit of a token that cannot come: its probability is 0 beside any other.
    const float Never = -10_000;

    /// <summary>Reads a model.</summary>
    /// <param name="stateDict">the <c>state_dict</c>, saved as safetensors</param>
    /// <param name="mapping">where its parts are, if their shapes do not tell</param>
    /// <param name="tokenizerFile">a <c>tokenizer.json</c> as this program writes it, or a list of tokens, one a line, the first of id 0</param>
    /// <exception cref="CheckpointException">a file is missing or broken, or a tensor is missing, one too many or of another shape</exception>
    public static PyTorchImport Read(string stateDict, PyTorchMapping mapping, string tokenizerFile)
    {
        using var tensors = new StateDict(stateDict, mapping.Ignore);
        var layout = new StateDictLayout(tensors, mapping);
        var vocabulary = VocabularyFile.Read(tokenizerFile, mapping.Tokenizer);
        if (layout.VocabularySize != vocabulary.RowCount)
            throw tensors.Unexpected(layout.Embedding, $"[{vocabulary.RowCount},{layout.EmbeddingSize}], a row for each token of {tokenizerFile}");
        var model = CreateModel(tensors, layout, mapping, vocabulary.Rows.Count);
        foreach (var parameter in model.Parameters)
            Fill(parameter, tensors, layout, vocabulary.Rows);
        if (mapping.UpdateGateRenews)
            foreach (var parameter in model.Recurrent.Layers.SelectMany(layer => layer.Parameters))
                GateOrder.FlipUpdateGate(parameter.Value.Span);
        foreach (var unused in tensors.Unused)
            throw tensors.Unexpected(unused.Name, "its name in the mapping as that of a part of the model, or under 'ignore'");
        model.WeightsChanged();
        string[] absent = [.. Vocabulary.SpecialTokens.Where((_, id) => vocabulary.Rows[id] < 0)];
        return new PyTorchImport(model, vocabulary.Tokenizer, absent);
    }

    /// <summary>The architecture in a few words, for example <c>lstm 2 x 512, embedding 256 (tied), 10000 tokens</c>.</summary>
    public string Describe()
    {
        var settings = Model.Settings;
        string cell = settings switch
        {
            { Cell: CellKind.Lstm } => "lstm",
            { Cell: CellKind.Gru, GruForm: GruForm.ResetBefore } => "gru (reset-before)",
            { Cell: CellKind.Gru } => "gru",
            _ => $"rnn ({settings.Activation.ToString().ToLowerInvariant()})",
        };
        string residual = settings.Residual ? " residual" : "", tied = settings.TieEmbeddings ? " (tied)" : "";
        return $"{cell} {settings.Layers} x {settings.HiddenSize}{residual}, embedding {settings.EmbeddingSize}{tied}, {Model.VocabularySize} tokens";
    }

    static LanguageModel CreateModel(StateDict tensors, StateDictLayout layout, PyTorchMapping mapping, int vocabularySize)
    {
        var settings = new ModelSettings
        {
            Cell = layout.Cell,
            Activation = mapping.Activation,
            GruForm = mapping.GruForm,
            Residual = mapping.Residual,
            Layers = layout.Layers,
            HiddenSize = layout.HiddenSize,
            EmbeddingSize = layout.EmbeddingSize,
            TieEmbeddings = IsTied(tensors, layout),
        };
        if (layout.IsProjected && !(settings.TieEmbeddings && settings.HiddenSize != settings.EmbeddingSize))
        {
            throw new CheckpointException(
                tensors.File, "projection", $"one {settings.HiddenSize} → {settings.EmbeddingSize}", "one only between recurrent layers and a tied output of another width");
        }
        return new LanguageModel(settings, vocabularySize);
    }

    // PyTorch saves a shared matrix twice, safetensors once.
    static bool IsTied(StateDict tensors, StateDictLayout layout)
    {
        if (layout.OutputWeight is null)
            return true;
        if (!layout.IsProjected && layout.HiddenSize != layout.EmbeddingSize)
            return false;
        return Read(tensors, layout.Embedding).Span.SequenceEqual(Read(tensors, layout.OutputWeight).Span);

        Tensor Read(StateDict from, string name)
        {
            var tensor = new Tensor(layout.VocabularySize, layout.EmbeddingSize);
            from.Read(name, tensor);
            return tensor;
        }
    }

    static void Fill(Parameter parameter, StateDict tensors, StateDictLayout layout, IReadOnlyList<int> rows)
    {
        bool isOfTokens = parameter.Name is "embedding.weight" or "output.weight" or "output.bias";
        if (layout.NameOf(parameter.Name) is { } name)
        {
            if (isOfTokens)
                ReadRows(name, parameter.Value, tensors, layout.VocabularySize, rows);
            else
                tensors.Read(name, parameter.Value);
        }
        if (parameter.Name == "output.bias")
            for (int id = 0; id < rows.Count; id++)
                if (rows[id] < 0)
                    parameter.Value.Span[id] = Never;
    }

    static void ReadRows(string name, Tensor destination, StateDict tensors, int rowCount, IReadOnlyList<int> rows)
    {
        var read = destination.Shape.Rank == 1 ? new Tensor(rowCount) : new Tensor(rowCount, destination.Shape[1]);
        tensors.Read(name, read);
        for (int id = 0; id < rows.Count; id++)
            if (rows[id] >= 0)
                read.Row(rows[id]).CopyTo(destination.Row(id));
    }
}
