using RnnService.Models.Interchange.PyTorch;

namespace RnnService.Models.Tests.Interchange.PyTorch;

/// <summary>
/// A <c>state_dict</c> of PyTorch 1.13 gives PyTorch's logits after the last token, to 1e-5; in forms that PyTorch lacks, those of a plain loop
/// over its weights.
/// </summary>
/// <remarks>Files in <c>Golden</c> and numbers below come from:
/// <code>
/// import json, struct, torch
/// V, E, H, L, tokens = 9, 3, 4, 2, [1, 7, 0, 4, 8]
/// wave = lambda k, *shape: (torch.sin(torch.arange(torch.Size(shape).numel()) * 0.7 + k) * 0.9).reshape(shape).float()
/// def make(kind, **options):
///     model = torch.nn.ModuleDict({
///         "encoder": torch.nn.Embedding(V, E), kind: getattr(torch.nn, kind.upper())(E, H, L, **options), "decoder": torch.nn.Linear(H, V)})
///     for k, p in enumerate(model.parameters()): p.data = wave(k, *p.shape)
///     tensors, header, offset = model.state_dict(), {}, 0
///     for name, tensor in tensors.items():
///         header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset := offset + 4 * tensor.numel()]}
///     text = json.dumps(header).encode()
///     with open(f"torch_{kind}.safetensors", "wb") as file:
///         file.write(struct.pack("&lt;Q", len(text)) + text + b"".join(tensor.numpy().tobytes() for tensor in tensors.values()))
///     return model
/// def logits(model, kind):
///     return model["decoder"](model[kind](model["encoder"](torch.tensor(tokens)))[0][-1])
/// def loop(model, kind, step, residual=False):  # forms PyTorch lacks
///     weights = [[getattr(model[kind], f"{name}_l{layer}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")] for layer in range(L)]
///     states = [torch.zeros(H)] * L
///     for token in tokens:
///         x = model["encoder"].weight[token]
///         for layer in range(L):
///             states[layer] = step(x, states[layer], *weights[layer])
///             x = states[layer] + x if residual and layer &gt; 0 else states[layer]
///     return model["decoder"](x)
/// def simple(activation): return lambda x, h, wi, wh, bi, bh: activation(wi @ x + bi + wh @ h + bh)
/// def gru(before=False, renews=False):
///     def step(x, h, wi, wh, bi, bh):
///         (ir, iz, i_n), (hr, hz, hn) = (wi @ x + bi).chunk(3), (wh @ h + bh).chunk(3)
///         r, z = torch.sigmoid(ir + hr), torch.sigmoid(iz + hz)
///         n = torch.tanh(i_n + (wh[2 * H:] @ (r * h) + bh[2 * H:] if before else r * hn))
///         return z * n + (1 - z) * h if renews else (1 - z) * n + z * h
///     return step
/// model = {kind: make(kind) for kind in ("lstm", "gru", "rnn")}
/// of_torch = {kind: logits(model[kind], kind) for kind in model}
/// of_torch["rnn relu"] = logits(make("rnn", nonlinearity="relu"), "rnn")
/// torch.testing.assert_close(loop(model["gru"], "gru", gru()), of_torch["gru"])
/// torch.testing.assert_close(loop(model["rnn"], "rnn", simple(torch.relu)), of_torch["rnn relu"])
/// of_loop = {"gru reset-before": gru(before=True), "gru renews": gru(renews=True), "rnn sigmoid": simple(torch.sigmoid)}
/// of_loop = {form: loop(model[form[:3]], form[:3], step) for form, step in of_loop.items()}
/// of_loop["gru residual"] = loop(model["gru"], "gru", gru(), residual=True)
/// </code></remarks>
public sealed class PyTorchGoldenTests : IDisposable
{
    static readonly string[] s_vocabulary = ["<unk>", "the", "cat", "sat", "on", "mat", "dog", "a", "</s>"];
    static readonly int[] s_tokens = [1, 7, 0, 4, 8];

    static readonly Dictionary<string, float[]> s_logits = new()
    {
        ["lstm"] = [-0.6088753f, -0.8835293f, -0.6656303f, -0.6869628f, 0.5785351f, 0.3081102f, 1.31065f, 0.288695f, 0.366529f],
        ["gru"] = [-1.769178f, -0.02370554f, -1.125617f, -0.679967f, 1.025338f, -0.5408604f, 2.463687f, -1.035167f, 1.708237f],
        ["gru reset-before"] = [-1.751997f, -0.176933f, -0.8540496f, -1.038494f, 1.429395f, -0.9437561f, 2.818864f, -1.301584f, 1.855108f],
        ["gru renews"] = [-1.604993f, -0.1348568f, -1.080344f, -0.6541305f, 0.9313782f, -0.3896339f, 2.272669f, -0.8264317f, 1.505904f],
        ["gru residual"] = [-1.226937f, -0.6794773f, -0.432093f, -1.331103f, 1.558843f, -0.8950864f, 2.5977f, -0.9334816f, 1.382604f],
        ["rnn"] = [-0.7629102f, -1.229071f, 0.1395599f, -1.858757f, 1.981526f, -1.163954f, 2.681683f, -0.822877f, 1.090191f],
        ["rnn relu"] = [-0.9313529f, -1.576391f, 0.9625061f, -3.062237f, 3.42647f, -2.683389f, 4.100031f, -1.976243f, 1.845294f],
        ["rnn sigmoid"] = [-1.412426f, -0.5408276f, -0.5078821f, -1.326933f, 1.626775f, -1.027268f, 2.778858f, -1.142684f, 1.595674f],
    };

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lstm", "", "lstm")]
    [InlineData("lstm", """, "embedding": "encoder.weight", "rnn": "lstm.", "output": "decoder." """, "lstm")]
    [InlineData("gru", "", "gru")]
    [InlineData("gru reset-before", """, "gruForm": "reset-before" """, "gru (reset-before)")]
    [InlineData("gru renews", """, "updateGate": "renews" """, "gru")]
    [InlineData("gru residual", """, "residual": true """, "gru")]
    [InlineData("rnn", "", "rnn (tanh)")]
    [InlineData("rnn relu", """, "activation": "relu" """, "rnn (relu)")]
    [InlineData("rnn sigmoid", """, "activation": "sigmoid" """, "rnn (sigmoid)")]
    public void Read_StateDictOfTorch_GivesTorchsLogits(string form, string mapping, string cell)
    {
        File.WriteAllLines(_folder.At("vocab.txt"), s_vocabulary);
        File.WriteAllText(_folder.At("mapping.json"), """{ "tokenizer": { "endOfSequence": "</s>" } """ + mapping + "}");
        var imported = PyTorchImport.Read(
            Golden.PathOf($"torch_{form.Split(' ')[0]}.safetensors"), PyTorchMapping.Read(_folder.At("mapping.json")), _folder.At("vocab.txt"));

        Assert.StartsWith($"{cell} 2 x 4{(form.EndsWith("residual", StringComparison.Ordinal) ? " residual" : "")}, embedding 3, ", imported.Describe(), StringComparison.Ordinal);
        Assert.Equal(["<pad>", "<bos>"], imported.AbsentTokens);
        int[] ids = [.. s_vocabulary.Select(token => imported.Tokenizer.Vocabulary.IdOf(token == "</s>" ? "<eos>" : token))];
        var session = imported.Model.CreateSession();
        foreach (int token in s_tokens)
            session.Feed(ids[token]);
        for (int token = 0; token < ids.Length; token++)
            Assert.Equal(s_logits[form][token], session.Logits[ids[token]], 1e-5f);
    }
}
