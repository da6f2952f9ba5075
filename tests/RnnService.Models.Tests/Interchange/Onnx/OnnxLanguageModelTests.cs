using RnnService.Engine.Layers;
using RnnService.Models.Interchange.Onnx;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.Interchange.Onnx;

/// <summary>Exported graphs: the bytes another writer of the format makes of the same graph, and this engine's logits in ONNX Runtime.</summary>
/// <remarks>The files <c>Golden/*.onnx</c> were written, and accepted by the checker, with onnx 1.12:
/// <code>
/// import numpy as np, onnx
/// from onnx import TensorProto, helper, numpy_helper
/// V, E, H = 5, 2, 3
/// wave = lambda k, *shape: (np.sin(np.arange(np.prod(shape)) * 0.7 + k) * 0.6).reshape(shape).astype(np.float32)
/// node = lambda kind, inputs, outputs, **more: helper.make_node(
///     kind, inputs.split(" "), outputs.split(" "), f"{kind}:{outputs.split(' ')[0]}", **more)
/// value = lambda name, kind, *sizes: helper.make_tensor_value_info(name, kind, sizes)
/// def write(file, kind, states, order, layers=1, **attributes):  # order: ONNX's gates by their places in PyTorch
///     shapes, G = [(V, E)], len(order)
///     for layer in range(layers): shapes += [(G * H, H if layer else E), (G * H, H), (G * H,), (G * H,)]
///     embedding, *recurrent, narrow, narrow_bias, bias = (wave(k, *shape) for k, shape in enumerate(shapes + [(E, H), (E,), (V,)]))
///     gates = lambda w: np.concatenate([w[i * H:i * H + H] for i in order])
///     weights, nodes, x = {"embedding.weight": embedding}, [node("Gather", "embedding.weight tokens", "embedded")], "embedded"
///     inputs, outputs = [value("tokens", TensorProto.INT64, "time", "batch")], [value("logits", TensorProto.FLOAT, "time", "batch", V)]
///     for layer in range(layers):
///         ih, hh, bias_ih, bias_hh = recurrent[4 * layer:4 * layer + 4]
///         names = [f"rnn.weight_ih_l{layer}", f"rnn.weight_hh_l{layer}", f"rnn.bias_l{layer}"]
///         weights.update(zip(names, (gates(ih)[None], gates(hh)[None], np.concatenate([gates(bias_ih), gates(bias_hh)])[None])))
///         weights.setdefault("direction_axis", np.array([1]))
///         before, after = [f"{s}_l{layer}" for s in states], [f"{s}_l{layer}_next" for s in states]
///         inputs += [value(name, TensorProto.FLOAT, 1, "batch", H) for name in before]
///         outputs += [value(name, TensorProto.FLOAT, 1, "batch", H) for name in after]
///         nodes += [node(kind, " ".join([x, *names, "", *before]), " ".join([f"outputs_l{layer}", *after]), hidden_size=H, **attributes),
///                   node("Squeeze", f"outputs_l{layer} direction_axis", f"hidden_l{layer}")]
///         if layer &gt; 0: nodes.append(node("Add", f"hidden_l{layer} {x}", f"residual_l{layer}"))
///         x = f"residual_l{layer}" if layer &gt; 0 else f"hidden_l{layer}"
///     weights.update({"projection.weight": narrow, "projection.bias": narrow_bias, "output.bias": bias})
///     nodes += [
///         node("Transpose", "projection.weight", "projected.weight", perm=[1, 0]),
///         node("MatMul", f"{x} projected.weight", "projected.product"), node("Add", "projected.product projection.bias", "projected"),
///         node("Transpose", "embedding.weight", "logits.weight", perm=[1, 0]),
///         node("MatMul", "projected logits.weight", "logits.product"), node("Add", "logits.product output.bias", "logits")]
///     graph = helper.make_graph(
///         nodes, "language-model", inputs, outputs, [numpy_helper.from_array(w, name) for name, w in weights.items()])
///     model = helper.make_model(graph, producer_name="RnnService", opset_imports=[helper.make_opsetid("", 14)], ir_version=7, doc_string=(
///         "tokens [time,batch]: token ids. States *_l0… [1,batch,H]: zeros at the start of a text, then what *_next of the call before returned. "
///         "logits [time,batch,V]: of the token after each one read."))
///     onnx.checker.check_model(model, full_check=True)
///     onnx.save(model, file)
/// write("lstm.onnx", "LSTM", "hc", (0, 3, 1, 2))
/// write("gru.onnx", "GRU", "h", (1, 0, 2), linear_before_reset=1)
/// write("gru_reset_before.onnx", "GRU", "h", (1, 0, 2), linear_before_reset=0)
/// write("rnn.onnx", "RNN", "h", (0,), layers=2, activations=["Relu"])
/// </code></remarks>
public sealed class OnnxLanguageModelTests : IDisposable
{
    static readonly ModelSettings s_plain = new() { Layers = 2, HiddenSize = 20, EmbeddingSize = 12 };

    readonly TemporaryFolder _folder = new();

    static readonly ModelSettings s_gru = s_plain with { Cell = CellKind.Gru };
    static readonly ModelSettings s_simple = s_plain with { Cell = CellKind.Rnn };

    static readonly Dictionary<string, ModelSettings> s_golden = new()
    {
        ["lstm"] = new() { Layers = 1 },
        ["gru"] = new() { Layers = 1, Cell = CellKind.Gru },
        ["gru_reset_before"] = new() { Layers = 1, Cell = CellKind.Gru, GruForm = GruForm.ResetBefore },
        ["rnn"] = new() { Layers = 2, Cell = CellKind.Rnn, Activation = CellActivation.Relu, Residual = true },
    };

    public static TheoryData<ModelSettings> Architectures => new(
        s_plain, s_plain with { Layers = 1 }, s_plain with { TieEmbeddings = true }, s_plain with { EmbeddingSize = 20, TieEmbeddings = true },
        s_plain with { Residual = true }, s_gru, s_gru with { GruForm = GruForm.ResetBefore }, s_simple with { Layers = 3, Residual = true },
        s_simple with { Activation = CellActivation.Relu }, s_simple with { Activation = CellActivation.Sigmoid });

    public static TheoryData<string> GoldenNames => [.. s_golden.Keys];

    public static TheoryData<string, ModelSettings> Unsupported => new()
    {
        { "recurrence: found jordan, which no ONNX operator computes; expected elman.", s_simple with { Recurrence = Recurrence.Jordan } },
        { "leak: found 0.5, which no ONNX operator computes; expected 0.", s_plain with { Leak = 0.5 } },
        { "timeSkip: found 3, which no ONNX operator computes; expected 0.", s_gru with { TimeSkip = 3 } },
    };

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(GoldenNames))]
    public void WriteTo_TiedModelWithProjection_WritesTheBytesOfOnnxItself(string name)
    {
        var model = new LanguageModel(s_golden[name] with { HiddenSize = 3, EmbeddingSize = 2, TieEmbeddings = true }, 5);
        for (int k = 0; k < model.Parameters.Count; k++)
            for (int i = 0; i < model.Parameters[k].Value.Length; i++)
                model.Parameters[k].Value.Span[i] = (float)(Math.Sin(i * 0.7 + k) * 0.6);
        using var written = new MemoryStream();
        new OnnxLanguageModel(model).WriteTo(written);
        Assert.Equal(File.ReadAllBytes(Golden.PathOf($"{name}.onnx")), written.ToArray());
    }

    [Theory, MemberData(nameof(Architectures))]
    public void WriteTo_AnyArchitecture_GivesTheSameLogitsInOnnxRuntime(ModelSettings settings)
    {
        if (OnnxRuntime.WhyMissing() is { } reason)
            Assert.Skip($"NOT COMPARED with ONNX Runtime: {reason}.");
        var model = new LanguageModel(settings, 30);
        model.Initialize(5);
        // Larger than a start of training, and biases too, so that every gate matters; but not where rounding would grow from step to step.
        int seed = 0;
        foreach (var parameter in model.Parameters.Where(parameter => !parameter.Name.StartsWith("rnn.weight_hh", StringComparison.Ordinal)))
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

    [Theory, MemberData(nameof(Unsupported))]
    public void Constructor_PartWithoutOperator_IsNamed(string message, ModelSettings settings) =>
        Assert.Equal(message, Assert.Throws<NotSupportedException>(() => new OnnxLanguageModel(new LanguageModel(settings, 30))).Message);

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
