using RnnService.Models.Interchange.Onnx;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.Interchange.Onnx;

/// <summary>Exported graphs: the bytes another writer of the format makes of the same graph, and this engine's logits in ONNX Runtime.</summary>
/// <remarks><c>Golden/language_model.onnx</c> was written, and accepted by the checker, with onnx 1.12:
/// <code>
/// import numpy as np, onnx
/// from onnx import TensorProto, helper, numpy_helper
/// V, E, H = 5, 2, 3
/// wave = lambda k, *shape: (np.sin(np.arange(np.prod(shape)) * 0.7 + k) * 0.6).reshape(shape).astype(np.float32)
/// iofc = lambda w: np.concatenate([w[i * H:i * H + H] for i in (0, 3, 1, 2)])
/// embedding, ih, hh, bias_ih, bias_hh, narrow, narrow_bias, bias = (
///     wave(k, *s) for k, s in enumerate([(V, E), (4 * H, E), (4 * H, H), (4 * H,), (4 * H,), (E, H), (E,), (V,)]))
/// weights = {"embedding.weight": embedding, "rnn.weight_ih_l0": iofc(ih)[None], "rnn.weight_hh_l0": iofc(hh)[None],
///            "rnn.bias_l0": np.concatenate([iofc(bias_ih), iofc(bias_hh)])[None], "direction_axis": np.array([1]),
///            "projection.weight": narrow, "projection.bias": narrow_bias, "output.bias": bias}
/// node = lambda kind, inputs, outputs, **more: helper.make_node(
///     kind, inputs.split(" "), outputs.split(" "), f"{kind}:{outputs.split(' ')[0]}", **more)
/// nodes = [
///     node("Gather", "embedding.weight tokens", "embedded"),
///     node("LSTM", "embedded rnn.weight_ih_l0 rnn.weight_hh_l0 rnn.bias_l0  h_l0 c_l0", "outputs_l0 h_l0_next c_l0_next", hidden_size=H),
///     node("Squeeze", "outputs_l0 direction_axis", "hidden_l0"),
///     node("Transpose", "projection.weight", "projected.weight", perm=[1, 0]),
///     node("MatMul", "hidden_l0 projected.weight", "projected.product"), node("Add", "projected.product projection.bias", "projected"),
///     node("Transpose", "embedding.weight", "logits.weight", perm=[1, 0]),
///     node("MatMul", "projected logits.weight", "logits.product"), node("Add", "logits.product output.bias", "logits")]
/// value = lambda name, kind, *sizes: helper.make_tensor_value_info(name, kind, sizes)
/// state = lambda name: value(name, TensorProto.FLOAT, 1, "batch", H)
/// graph = helper.make_graph(
///     nodes, "language-model", [value("tokens", TensorProto.INT64, "time", "batch"), state("h_l0"), state("c_l0")],
///     [value("logits", TensorProto.FLOAT, "time", "batch", V), state("h_l0_next"), state("c_l0_next")],
///     [numpy_helper.from_array(w, name) for name, w in weights.items()])
/// model = helper.make_model(graph, producer_name="RnnService", opset_imports=[helper.make_opsetid("", 14)], ir_version=7, doc_string=(
///     "tokens [time,batch]: token ids. States *_l0… [1,batch,H]: zeros at the start of a text, then what *_next of the call before returned. "
///     "logits [time,batch,V]: of the token after each one read."))
/// onnx.checker.check_model(model, full_check=True)
/// onnx.save(model, "language_model.onnx")
/// </code></remarks>
public sealed class OnnxLanguageModelTests : IDisposable
{
    static readonly ModelSettings s_plain = new() { Layers = 2, HiddenSize = 20, EmbeddingSize = 12 };

    readonly TemporaryFolder _folder = new();

    public static TheoryData<ModelSettings> Architectures => new(
        s_plain, s_plain with { Layers = 1 }, s_plain with { TieEmbeddings = true }, s_plain with { EmbeddingSize = 20, TieEmbeddings = true });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteTo_TiedModelWithProjection_WritesTheBytesOfOnnxItself()
    {
        var model = new LanguageModel(new() { Layers = 1, HiddenSize = 3, EmbeddingSize = 2, TieEmbeddings = true }, 5);
        for (int k = 0; k < model.Parameters.Count; k++)
            for (int i = 0; i < model.Parameters[k].Value.Length; i++)
                model.Parameters[k].Value.Span[i] = (float)(Math.Sin(i * 0.7 + k) * 0.6);
        using var written = new MemoryStream();
        new OnnxLanguageModel(model).WriteTo(written);
        Assert.Equal(File.ReadAllBytes(Golden.PathOf("language_model.onnx")), written.ToArray());
    }

    [Theory, MemberData(nameof(Architectures))]
    public void WriteTo_AnyArchitecture_GivesTheSameLogitsInOnnxRuntime(ModelSettings settings)
    {
        if (OnnxRuntime.WhyMissing() is { } reason)
            Assert.Skip($"NOT COMPARED with ONNX Runtime: {reason}.");
        var model = new LanguageModel(settings, 30);
        model.Initialize(5);
        // Larger than a start of training, and biases too, so that every gate matters.
        int seed = 0;
        foreach (var parameter in model.Parameters)
            foreach (ref float weight in parameter.Value.Span)
                weight = 3 * weight + 0.5f * MathF.Sin(seed++);
        model.WeightsChanged();
        var exported = new OnnxLanguageModel(model);
        using (var stream = File.Create(_folder.At("model.onnx")))
            exported.WriteTo(stream);
        using var runtime = OnnxRuntime.Load(_folder.At("model.onnx"));
        var parity = OnnxParity.Measure(runtime, exported, model);
        Assert.True(parity.IsGood && parity.LargestLogit > 1, $"{parity}");

        // The comparison itself must see a single weight out of place.
        model.Parameters["rnn.weight_hh_l0"].Value.Span[7] += 0.5f;
        model.WeightsChanged();
        Assert.False(OnnxParity.Measure(runtime, exported, model).IsGood);
    }

    [Fact]
    public void Load_NotAModel_SaysWhatOnnxRuntimeSays()
    {
        if (OnnxRuntime.WhyMissing() is { } reason)
            Assert.Skip($"NOT COMPARED with ONNX Runtime: {reason}.");
        File.WriteAllText(_folder.At("model.onnx"), "no model");
        var error = Assert.Throws<InvalidOperationException>(() => OnnxRuntime.Load(_folder.At("model.onnx")));
        Assert.Contains("model.onnx: ONNX Runtime:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhyMissing_FolderWithoutPackage_SaysHowToInstallIt() =>
        Assert.Contains("npm install --ignore-scripts onnxruntime-node", OnnxRuntime.WhyMissing(_folder.Path), StringComparison.Ordinal);
}
