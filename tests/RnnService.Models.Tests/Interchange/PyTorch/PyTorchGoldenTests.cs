using RnnService.Models.Interchange.PyTorch;

namespace RnnService.Models.Tests.Interchange.PyTorch;

/// <summary>A <c>state_dict</c> of PyTorch 1.13 gives PyTorch's logits, to 1e-5.</summary>
/// <remarks>Files in <c>Golden</c> and numbers below come from:
/// <code>
/// import json, struct, torch
/// V, E, H, L = 9, 3, 4, 2
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
///     output, _ = model[kind](model["encoder"](torch.tensor([1, 7, 0, 4, 8])))
///     return model["decoder"](output)
/// make("lstm")
/// </code></remarks>
public sealed class PyTorchGoldenTests : IDisposable
{
    static readonly string[] s_vocabulary = ["<unk>", "the", "cat", "sat", "on", "mat", "dog", "a", "</s>"];
    static readonly int[] s_tokens = [1, 7, 0, 4, 8];

    static readonly Dictionary<string, float[]> s_logits = new()
    {
        ["lstm"] =
        [
            -0.5706546f, -0.9025718f, -0.6679665f, -0.663518f, 0.5366907f, 0.3635187f, 1.24808f, 0.3511961f, 0.3113192f,
            -0.5879071f, -0.9034082f, -0.6491379f, -0.698163f, 0.5831488f, 0.310616f, 1.301314f, 0.3037821f, 0.3474341f,
            -0.5880954f, -0.9089509f, -0.6385048f, -0.7126578f, 0.5998304f, 0.2936754f, 1.316556f, 0.2919996f, 0.3543952f,
            -0.5984446f, -0.8986874f, -0.6474965f, -0.705977f, 0.5962324f, 0.2937748f, 1.319967f, 0.2854731f, 0.3632836f,
            -0.6088753f, -0.8835293f, -0.6656303f, -0.6869628f, 0.5785351f, 0.3081102f, 1.31065f, 0.288695f, 0.366529f,
        ],
    };

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lstm", """{ "tokenizer": { "endOfSequence": "</s>" } }""")]
    [InlineData("lstm", """{ "embedding": "encoder.weight", "rnn": "lstm.", "output": "decoder.", "tokenizer": { "endOfSequence": "</s>" } }""")]
    public void Read_StateDictOfTorch_GivesTorchsLogits(string cell, string mapping)
    {
        File.WriteAllLines(_folder.At("vocab.txt"), s_vocabulary);
        File.WriteAllText(_folder.At("mapping.json"), mapping);
        var imported = PyTorchImport.Read(
            Golden.PathOf($"torch_{cell}.safetensors"), PyTorchMapping.Read(_folder.At("mapping.json")), _folder.At("vocab.txt"));

        Assert.Equal(["<pad>", "<bos>"], imported.AbsentTokens);
        int[] ids = [.. s_vocabulary.Select(token => imported.Tokenizer.Vocabulary.IdOf(token == "</s>" ? "<eos>" : token))];
        var session = imported.Model.CreateSession();
        float[] expected = s_logits[cell];
        for (int step = 0; step < s_tokens.Length; step++)
        {
            session.Feed(ids[s_tokens[step]]);
            for (int token = 0; token < ids.Length; token++)
                Assert.Equal(expected[step * ids.Length + token], session.Logits[ids[token]], 1e-5f);
        }
    }
}
