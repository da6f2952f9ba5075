using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

/// <summary>Two stacked layers against torch.nn.LSTM: outputs to 1e-5, gradients to 1e-4.</summary>
/// <remarks>
/// The expected numbers were printed by PyTorch 1.13:
/// <code>
/// import torch
/// def some(k, *shape):
///     n = torch.Size(shape).numel()
///     return (0.8 * torch.sin(0.7 * torch.arange(n, dtype=torch.float64) + k)).float().reshape(shape)
/// T, B, I, H = 3, 2, 3, 2
/// rnn = torch.nn.LSTM(I, H, num_layers=2)
/// for k, p in enumerate(rnn.parameters()): p.data = some(k, *p.shape)
/// x, h0, c0 = (some(k, *s).requires_grad_() for k, s in ((8, (T, B, I)), (9, (2, B, H)), (10, (2, B, H))))
/// y, (h, c) = rnn(x, (h0, c0))
/// ((y * some(11, T, B, H)).sum() + (h * some(12, 2, B, H)).sum() + (c * some(13, 2, B, H)).sum()).backward()
/// for name, v in (("y", y), ("h", h), ("c", c), ("dx", x.grad), ("dh0", h0.grad), ("dc0", c0.grad),
///                 *((n, p.grad) for n, p in rnn.named_parameters())):
///     print(name, ", ".join("%.7gf" % e for e in v.flatten().tolist()))
/// </code>
/// </remarks>
public sealed class LstmGoldenTests
{
    const int T = 3, B = 2, I = 3, H = 2, StateSize = B * H;
    const double OutputTolerance = 1e-5, GradientTolerance = 1e-4;

    readonly ParameterSet _parameters = new();
    readonly LstmLayer[] _layers;
    readonly LstmTape[] _tapes = [new(T, B, H), new(T, B, H)];
    readonly float[] _x = Numbers(8, T * B * I);

    public LstmGoldenTests()
    {
        _layers = [new LstmLayer(I, H, _parameters, "_l0"), new LstmLayer(H, H, _parameters, "_l1")];
        for (int k = 0; k < _parameters.Count; k++)
            Numbers(k, _parameters[k].Value.Length).CopyTo(_parameters[k].Value.Span);
        float[] h0 = Numbers(9, 2 * StateSize), c0 = Numbers(10, 2 * StateSize);
        ReadOnlySpan<float> input = _x;
        for (int index = 0; index < 2; index++)
        {
            h0.AsSpan(index * StateSize, StateSize).CopyTo(_tapes[index].Hidden.Row(0));
            c0.AsSpan(index * StateSize, StateSize).CopyTo(_tapes[index].Cell.Row(0));
            _layers[index].Pack(forTraining: true);
            _layers[index].Forward(input, [], _tapes[index]);
            input = _tapes[index].Outputs(T);
        }
    }

    [Fact]
    public void Forward_TwoLayers_AgreesWithTorch()
    {
        Check(_tapes[1].Outputs(T), OutputTolerance, "y",
            0.08050618f, 0.03783091f, 0.1630269f, -0.02062903f, 0.1353084f, 0.02396014f, 0.1032449f, -0.03848958f, 0.1413462f, -0.0490173f,
            0.1221125f, -0.03187181f);
        Check([.. _tapes[0].Hidden.Row(T), .. _tapes[1].Hidden.Row(T)], OutputTolerance, "h",
            -0.3192866f, -0.005906468f, -0.5601483f, -0.4094263f, 0.1413462f, -0.0490173f, 0.1221125f, -0.03187181f);
        Check([.. _tapes[0].Cell.Row(T), .. _tapes[1].Cell.Row(T)], OutputTolerance, "c",
            -0.8873717f, -0.006998211f, -0.8417005f, -0.5477234f, 0.7129694f, -0.2632857f, 0.7248644f, -0.2644093f);
    }

    [Fact]
    public void Backward_TwoLayers_AgreesWithTorch()
    {
        float[] dHidden = Numbers(12, 2 * StateSize), dCell = Numbers(13, 2 * StateSize);
        float[] dTop = Numbers(11, T * StateSize), dMiddle = new float[T * StateSize], dx = new float[_x.Length];
        _layers[1].Backward(_tapes[0].Outputs(T), [], _tapes[1], dTop, dHidden.AsSpan(StateSize), dCell.AsSpan(StateSize), dMiddle);
        _layers[0].Backward(_x, [], _tapes[0], dMiddle, dHidden.AsSpan(0, StateSize), dCell.AsSpan(0, StateSize), dx);

        Check(dx, GradientTolerance, "dx",
            0.0330381f, -0.03974196f, -0.09383075f, -0.1195676f, -0.15933f, -0.124157f, -0.04903852f, -0.1226096f, -0.1385155f, 0.01970343f,
            -0.0680875f, -0.1238558f, -0.1414705f, -0.245315f, -0.233784f, -0.2043535f, -0.3690353f, -0.360154f);
        Check(dHidden, GradientTolerance, "dh0", 0.06860357f, 0.1316121f, 0.1550122f, 0.1050275f, 0.05140713f, -0.04267038f, 0.05659167f, 0.05545769f);
        Check(dCell, GradientTolerance, "dc0", 0.03075756f, 0.05070026f, 0.08497429f, 0.0933646f, -0.008766479f, -0.1708318f, -0.2576642f, -0.08745886f);
        CheckGradient("weight_ih_l0",
            0.06126969f, -0.07876176f, -0.1817503f, -0.1399965f, -0.2700655f, -0.2731186f, 0.02310395f, -0.04023465f, -0.08465027f, 0.08985335f,
            -0.01167981f, -0.1077198f, 0.314808f, 0.2531341f, 0.07240731f, -0.1923467f, -0.2710359f, -0.2222527f, 0.0001605026f, -0.08840507f,
            -0.1353924f, 0.007000627f, -0.05737984f, -0.09477367f);
        CheckGradient("weight_hh_l0",
            0.1738268f, 0.2194796f, 0.1411585f, 0.1646825f, 0.1135907f, 0.1294074f, 0.1393059f, 0.1907418f, -0.09297152f, -0.103279f, -0.3565087f,
            -0.377862f, 0.05779791f, 0.08842163f, 0.05295551f, 0.07377133f);
        CheckGradient("weight_ih_l1",
            0.04416455f, 0.04992625f, -0.03647249f, -0.01619073f, 0.0819548f, 0.06360421f, 0.01960654f, 0.01734862f, 0.4254151f, 0.3546868f,
            0.8457102f, 0.6714312f, -0.02749572f, -0.02454163f, -0.02057774f, -0.005280787f);
        CheckGradient("weight_hh_l1",
            0.006030478f, 0.03749188f, 0.01787812f, 0.007486554f, -0.02926939f, -0.01220089f, 0.01360013f, -0.01636475f, -0.1453609f, -0.03958114f,
            -0.1177874f, -0.04610493f, 0.04916892f, 0.02987909f, 0.01254665f, -0.006745374f);
        foreach (string name in new[] { "bias_ih_l0", "bias_hh_l0" })
            CheckGradient(name, -0.516363f, -0.5503271f, -0.3233202f, -0.4064754f, 0.555045f, 0.7839725f, -0.2133046f, -0.1827244f);
        foreach (string name in new[] { "bias_ih_l1", "bias_hh_l1" })
            CheckGradient(name, -0.08020811f, 0.100471f, -0.1776557f, -0.07088023f, -0.9377669f, -1.955161f, 0.07580175f, 0.03373229f);
    }

    void CheckGradient(string name, params ReadOnlySpan<float> expected) =>
        Check(_parameters[$"rnn.{name}"].Gradient.Span, GradientTolerance, name, expected);

    static void Check(ReadOnlySpan<float> actual, double tolerance, string what, params ReadOnlySpan<float> expected) =>
        Tolerance.AssertClose(expected, actual, tolerance, what);

    /// <summary><c>some</c> of the snippet.</summary>
    static float[] Numbers(int k, int count) => [.. Enumerable.Range(0, count).Select(i => (float)(0.8 * Math.Sin(0.7 * i + k)))];
}
