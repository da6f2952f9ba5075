using System.Text.Json;
using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

/// <summary>Two stacked layers, one way and both ways, against PyTorch (1.13, in double): outputs to 1e-5, gradients to 1e-4, with and without lengths.</summary>
/// <remarks>The numbers in <c>RecurrentGolden.json</c> come from:
/// <code>
/// import json, torch
/// torch.set_default_dtype(torch.float64)
/// T, B, I, H, L = 4, 2, 3, 4, 2
/// wave = lambda k, *shape: torch.sin(torch.arange(torch.Size(shape).numel()) * 0.7 + k).reshape(shape) * 0.6
/// def run(rnn, lengths):
///     D = 2 if rnn.bidirectional else 1
///     for k, (name, p) in enumerate(rnn.named_parameters()): p.data = wave(k, *p.shape)
///     rnn.zero_grad()
///     x, h0, c0 = (wave(k, *s).requires_grad_() for k, s in ((10, (T, B, I)), (11, (D * L, B, H)), (12, (D * L, B, H))))
///     inputs = x if lengths is None else torch.nn.utils.rnn.pack_padded_sequence(x, lengths)
///     has_cell = isinstance(rnn, torch.nn.LSTM)
///     output, last = rnn(inputs, (h0, c0) if has_cell else h0)
///     if lengths is not None: output, _ = torch.nn.utils.rnn.pad_packed_sequence(output, total_length=T)
///     h, c = last if has_cell else (last, 0 * c0)
///     ((output * wave(20, T, B, D * H)).sum() + (h * wave(21, D * L, B, H)).sum() + (c * wave(22, D * L, B, H)).sum()).backward()
///     show = {"output": output, "h": h, "dx": x.grad, "dh": h0.grad}
///     if has_cell: show.update({"c": c, "dc": c0.grad})
///     show.update((n, p.grad) for n, p in rnn.named_parameters())
///     return {n: [float("%.7g" % v) for v in t.flatten().tolist()] for n, t in show.items()}
/// cells = {"lstm": (torch.nn.LSTM, {}), "gru": (torch.nn.GRU, {}), "rnn-tanh": (torch.nn.RNN, {}), "rnn-relu": (torch.nn.RNN, {"nonlinearity": "relu"})}
/// print(json.dumps({name + ("-both-ways" if both else "") + ("-masked" if lengths else ""): run(rnn(I, H, L, bidirectional=both, **more), lengths)
///                   for name, (rnn, more) in cells.items() for both in (False, True) for lengths in (None, [4, 2])}))
/// </code></remarks>
[Collection(Tiers.Collection)]
public sealed class RecurrentGoldenTests
{
    const int T = 4, B = 2, I = 3, H = 4, L = 2;

    public static MatrixTheoryData<SimdTier, string, bool, bool> TiersCellsDirectionsMasks =>
        new(Enum.GetValues<SimdTier>(), ["lstm", "gru", "rnn-tanh", "rnn-relu"], [false, true], [false, true]);

    [Theory, MemberData(nameof(TiersCellsDirectionsMasks))]
    public void TwoLayers_WeightsOfATorchModel_AgreeWithTorch(SimdTier tier, string cell, bool bidirectional, bool masked)
    {
        using var use = SimdTiers.Use(tier);
        int[] lengths = masked ? [4, 2] : [];
        var golden = Golden(cell + (bidirectional ? "-both-ways" : "") + (masked ? "-masked" : ""));
        var parameters = new ParameterSet();
        var stack = new RecurrentStack(Cells.Options(cell, H, L) with { Bidirectional = bidirectional }, I, parameters);
        for (int k = 0; k < parameters.Count; k++)
            Wave(k, parameters[k].Value.Length).CopyTo(parameters[k].Value.Span);
        stack.Pack(forTraining: true);
        var tape = stack.CreateTape(T, B);
        var state = stack.CreateState(B);
        Fill(state, hidden: 11, cell: 12);
        tape.SetState(state);
        float[] x = Wave(10, T * B * I);
        stack.Forward(x, lengths, tape);
        tape.CopyState(T, state);
        // Torch writes zeros past a row's length, where this engine repeats the last state.
        float[] output = tape.Outputs(T).ToArray(), dOutput = Wave(20, T * B * stack.OutputSize);
        ZeroPast(lengths, output);
        ZeroPast(lengths, dOutput);
        Tolerance.AssertClose(golden["output"], output, 1e-5, "output");
        AssertState(golden, "h", "c", state, 1e-5);

        float[] dx = new float[T * B * I];
        Fill(state, hidden: 21, cell: 22);
        stack.Backward(x, lengths, tape, dOutput, state, dx);
        Tolerance.AssertClose(golden["dx"], dx, 1e-4, "dx");
        AssertState(golden, "dh", "dc", state, 1e-4);
        foreach (var parameter in parameters)
            Tolerance.AssertClose(golden[parameter.Name["rnn.".Length..]], parameter.Gradient.Span, 1e-4, parameter.Name);
    }

    static Dictionary<string, float[]> Golden(string name)
    {
        using var stream = typeof(RecurrentGoldenTests).Assembly.GetManifestResourceStream(typeof(RecurrentGoldenTests), "RecurrentGolden.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, float[]>>>(stream)![name];
    }

    static float[] Wave(int k, int count) => [.. Enumerable.Range(0, count).Select(i => (float)(Math.Sin(i * 0.7 + k) * 0.6))];

    static void Fill(RecurrentState state, int hidden, int cell)
    {
        int layers = state.Layers.Count;
        for (int layer = 0; layer < layers; layer++)
        {
            Wave(hidden, layers * B * H).AsSpan(layer * B * H, B * H).CopyTo(state.Layers[layer].Hidden.Span);
            if (state.Layers[layer].Cell is { } memory)
                Wave(cell, layers * B * H).AsSpan(layer * B * H, B * H).CopyTo(memory.Span);
        }
    }

    static void AssertState(Dictionary<string, float[]> golden, string hidden, string cell, RecurrentState state, double tolerance)
    {
        Tolerance.AssertClose(golden[hidden], [.. state.Layers.SelectMany(layer => layer.Hidden.Span.ToArray())], tolerance, hidden);
        Assert.Equal(golden.ContainsKey(cell), state.Layers[0].Cell is not null);
        if (golden.TryGetValue(cell, out float[]? expected))
            Tolerance.AssertClose(expected, [.. state.Layers.SelectMany(layer => layer.Cell!.Span.ToArray())], tolerance, cell);
    }

    static void ZeroPast(int[] lengths, float[] sequence)
    {
        int size = sequence.Length / (T * B);
        for (int i = 0; i < sequence.Length && lengths.Length > 0; i++)
        {
            if (i / (B * size) >= lengths[i / size % B])
                sequence[i] = 0f;
        }
    }
}
