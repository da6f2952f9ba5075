using RnnService.Models.LanguageModels;

namespace RnnService.Models.Interchange.Onnx;

/// <summary>
/// A language model as an ONNX graph: <c>tokens</c> int64 [time,batch] and the states before the first step in, <c>logits</c> [time,batch,V]
/// and the states after the last step out; time and batch vary from call to call.
/// </summary>
public sealed class OnnxLanguageModel
{
    /// <summary>The name of the input of token ids.</summary>
    public const string Tokens = "tokens";

    /// <summary>The name of the output of logits.</summary>
    public const string Logits = "logits";

    readonly OnnxGraph _graph = new("language-model");
    readonly List<OnnxState> _states = [];

    /// <param name="model">its weights are copied</param>
    /// <exception cref="NotSupportedException">ONNX has no operator for a part of the model; the message names it</exception>
    public OnnxLanguageModel(LanguageModel model)
    {
        var settings = model.Settings;
        _graph.Output(Logits, OnnxType.Float32, OnnxGraph.Time, OnnxGraph.Batch, $"{model.VocabularySize}");
        var layers = new OnnxLayers(_graph, model.Parameters);
        string x = layers.Embedding("embedding", _graph.Input(Tokens, OnnxType.Int64, OnnxGraph.Time, OnnxGraph.Batch), "embedded");
        for (int layer = 0; layer < settings.Layers; layer++)
        {
            string hidden = layers.Recurrent(model.Recurrent.Options, $"_l{layer}", x, _states);
            x = settings.Residual && layer > 0 ? _graph.Node("Add", [hidden, x], $"residual_l{layer}") : hidden;
        }
        if (model.Parameters.Contains("projection.weight"))
            x = layers.Linear("projection.weight", "projection.bias", x, "projected");
        layers.Linear(settings.TieEmbeddings ? "embedding.weight" : "output.weight", "output.bias", x, Logits);
    }

    /// <summary>The recurrent states, layer by layer.</summary>
    public IReadOnlyList<OnnxState> States => _states;

    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">it would have 2 GiB or more</exception>
    public void WriteTo(Stream stream) => _graph.WriteTo(
        stream, "RnnService",
        $"{Tokens} [time,batch]: token ids. States *_l0… [1,batch,H]: zeros at the start of a text, then what *_next of the call before returned. "
        + $"{Logits} [time,batch,V]: of the token after each one read.");
}
