using RnnService.Engine.Layers;
using RnnService.Models.LanguageModels;
using RnnService.Models.Seq2Seq;

namespace RnnService.Models.Tests.Seq2Seq;

/// <summary>Loss, attention and all gradients against PyTorch 1.13, whose program is below the numbers.</summary>
public sealed class Seq2SeqGoldenTests
{
    // Of each gradient its sum, and the sum of its elements times 1, 2, 3, …
    static readonly Dictionary<string, (double Sum, double Moment)> s_gradients = new()
    {
        ["embedding.weight"] = (0.32384, 7.8019),
        ["source_embedding.weight"] = (-0.11557, 1.184),
        ["encoder.weight_ih_l0"] = (0.05634, 0.5594),
        ["encoder.weight_hh_l0"] = (-0.00875, -0.0904),
        ["encoder.bias_ih_l0"] = (-0.00514, -0.0246),
        ["encoder.bias_hh_l0"] = (-0.00271, -0.0093),
        ["encoder.weight_ih_l0_reverse"] = (-0.58566, -8.6631),
        ["encoder.weight_hh_l0_reverse"] = (-0.05081, -0.3039),
        ["encoder.bias_ih_l0_reverse"] = (-0.31114, -1.479),
        ["encoder.bias_hh_l0_reverse"] = (-0.27947, -1.294),
        ["bridge.weight"] = (-0.08929, -0.5263),
        ["bridge.bias"] = (-0.1014, -0.2076),
        ["attention.keys.weight"] = (-0.09587, 0.0516),
        ["attention.keys.bias"] = (-0.03254, -0.0121),
        ["attention.query.weight"] = (0.06894, 0.0058),
        ["attention.score.weight"] = (-0.04248, -0.0537),
        ["decoder.weight_ih"] = (-0.10725, -6.6844),
        ["decoder.weight_hh_l0"] = (-0.17683, -6.6774),
        ["decoder.bias_ih_l0"] = (0.10572, 1.0973),
        ["decoder.bias_hh_l0"] = (0.09616, 1.0012),
        ["readout.weight"] = (0.76578, 11.3549),
        ["readout.bias"] = (-0.15849, -0.4492),
        ["output.weight"] = (0, -0.7594),
        ["output.bias"] = (0, -0.7546),
    };

    // V, E, He, H, A = 9, 3, 2, 4, 3
    // class Net(nn.Module):
    //     def __init__(self):
    //         super().__init__()
    //         self.embedding, self.source_embedding = nn.Embedding(V, E), nn.Embedding(V, E)
    //         self.encoder = nn.GRU(E, He, bidirectional=True)
    //         self.bridge = nn.Linear(2 * He, H)
    //         self.keys, self.query, self.score = nn.Linear(2 * He, A), nn.Linear(H, A, bias=False), nn.Linear(A, 1, bias=False)
    //         self.decoder = nn.GRUCell(E + 2 * He, H)
    //         self.readout, self.output = nn.Linear(H + 2 * He + E, H), nn.Linear(H, V)
    // net = Net()
    // for index, p in enumerate(net.parameters()):
    //     p.data = (1.5 * torch.sin(torch.arange(p.numel()) * 0.7 + index)).view(p.shape)
    // src, tgt = torch.tensor([5, 7, 4, 3]), torch.tensor([6, 8, 3])          # 3 ends both
    // y, h = net.encoder(net.source_embedding(src).unsqueeze(1))
    // s = torch.tanh(net.bridge(torch.cat([h[0], h[1]], 1)))
    // y = y.squeeze(1)
    // loss = 0
    // for token, target in zip([2, 6, 8], tgt):
    //     w = F.softmax(net.score(torch.tanh(net.keys(y) + net.query(s))).squeeze(1), 0)
    //     c, e = (w @ y).unsqueeze(0), net.embedding(torch.tensor([token]))
    //     s = net.decoder(torch.cat([e, c], 1), s)
    //     logits = net.output(torch.tanh(net.readout(torch.cat([s, c, e], 1))))
    //     print([round(v, 5) for v in w.tolist()])
    //     loss = loss + F.cross_entropy(logits, target.view(1), label_smoothing=0.1, reduction='sum')
    // (loss / 3).backward()
    // print(loss.item())
    // for n, p in net.named_parameters():
    //     g = p.grad.flatten()
    //     print(n, g.sum().item(), (g * torch.arange(1, g.numel() + 1)).sum().item())
    static readonly float[][] s_attention =
        [[0.23086f, 0.24979f, 0.28152f, 0.23783f], [0.1506f, 0.28718f, 0.41805f, 0.14417f], [0.23578f, 0.25298f, 0.27607f, 0.23516f]];

    const int EmbeddingSize = 3, MemorySize = 4;

    readonly Seq2SeqModel _model = new(
        new ModelSettings { Cell = CellKind.Gru, Layers = 1, HiddenSize = 4, EmbeddingSize = EmbeddingSize, Bidirectional = true },
        new Seq2SeqSettings { EncoderHiddenSize = MemorySize / 2, AttentionSize = 3, MaxLength = 9 }, vocabularySize: 9);

    public Seq2SeqGoldenTests()
    {
        foreach (var (name, index) in s_gradients.Keys.Select((name, index) => (name, index)))
        {
            var pieces = Pieces(name);
            float[] values = [.. Enumerable.Range(0, pieces.Sum(piece => piece.Value.Length)).Select(i => (float)(1.5 * Math.Sin(i * 0.7 + index)))];
            for (int i = 0, rows = pieces[0].Shape[0]; i < rows; i++)
            {
                int at = i * (values.Length / rows);
                foreach (var piece in pieces)
                {
                    values.AsSpan(at, piece.Shape.RowLength).CopyTo(piece.Value.Row(i));
                    at += piece.Shape.RowLength;
                }
            }
        }
        _model.WeightsChanged();
    }

    [Fact]
    public void Train_AnExample_HasTheLossAndGradientsOfPyTorch()
    {
        var loss = new Seq2SeqPass(_model, 4, 3, batchSize: 1).Train([new([5, 7, 4], [6, 8])], labelSmoothing: 0.1, dropoutSeed: 0);
        Assert.Equal(9.14996, loss.Nats, 2e-5);
        Assert.Equal(_model.Parameters.Count, s_gradients.Keys.Sum(name => Pieces(name).Length));
        foreach (var (name, (sum, moment)) in s_gradients)
        {
            float[] gradient = Joined(Pieces(name));
            Assert.Equal(sum, gradient.Sum(), 2e-5);
            Assert.Equal(moment, gradient.Select((value, i) => (double)value * (i + 1)).Sum(), 2e-4);
        }
    }

    [Fact]
    public void Step_TheTokensOfTheTarget_AttendsAsPyTorch()
    {
        var session = _model.CreateSession(rows: 1);
        session.Begin([[5, 7, 4]]);
        foreach (var (token, expected) in ((int[])[2, 6, 8]).Zip(s_attention))
        {
            session.Step([token], [0]);
            foreach (var (weight, found) in expected.Zip(session.Attention(0).ToArray()))
                Assert.Equal(weight, found, 1e-5f);
        }
    }

    /// <summary>PyTorch's cell reads [e; c] by one matrix, which two of ours make side by side.</summary>
    Engine.Tensors.Parameter[] Pieces(string name) => name == "decoder.weight_ih"
        ? [_model.Parameters["decoder.weight_ih_l0"], _model.Parameters["decoder.weight_ch_l0"]]
        : [_model.Parameters[name]];

    static float[] Joined(Engine.Tensors.Parameter[] pieces) =>
        [.. Enumerable.Range(0, pieces[0].Shape[0]).SelectMany(row => pieces.SelectMany(piece => piece.Gradient.Row(row).ToArray()))];
}
