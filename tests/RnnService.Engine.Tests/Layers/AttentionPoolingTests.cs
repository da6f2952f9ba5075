using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

public sealed class AttentionPoolingTests
{
    const int T = 4, B = 3, O = 5;

    static readonly int[] s_lengths = [3, 0, 4];
    readonly ParameterSet _parameters = new();
    readonly AttentionPooling _pooling;
    readonly AttentionTape _tape;
    readonly Tensor _x = Tensor.From(Some.Floats(T * B * O), new Shape(T, B, O));
    readonly float[] _output = new float[B * O];

    public AttentionPoolingTests()
    {
        _pooling = new AttentionPooling(O, _parameters);
        _tape = _pooling.CreateTape(T, B);
        foreach (var parameter in _parameters)
            Some.Fill(parameter.Value.Span, parameter.Name.Length);
    }

    [Fact]
    public void Forward_EachRow_IsThePlainWeightedMean()
    {
        Forward();
        for (int row = 0; row < B; row++)
        {
            double[] scores = [.. Enumerable.Range(0, s_lengths[row]).Select(t => Math.Exp(Score(Step(t, row))))];
            for (int i = 0; i < O; i++)
                Tolerance.AssertClose(scores.Select((score, t) => score / scores.Sum() * Step(t, row)[i]).Sum(), _output[row * O + i], 1e-5, $"row {row}, {i}");
        }
    }

    [Fact]
    public void Backward_InputsAndWeights_MatchFiniteDifferences()
    {
        float[] weights = Some.Floats(_output.Length, seed: 2);
        var dx = new Tensor(_x.Shape);
        Forward();
        _pooling.Backward(_x.Span, s_lengths, _tape, weights, dx.Span);
        GradientCheck.Run("x", _x, dx, Loss, 1e-3);
        foreach (var parameter in _parameters)
            GradientCheck.Run(parameter.Name, parameter.Value, parameter.Gradient, Loss, 1e-3);

        double Loss()
        {
            Forward();
            return _output.Zip(weights, (value, weight) => (double)value * weight).Sum();
        }
    }

    void Forward()
    {
        _pooling.Pack();
        _pooling.Forward(_x.Span, s_lengths, _tape, _output);
    }

    float[] Step(int t, int row) => _x.Span.Slice((t * B + row) * O, O).ToArray();

    double Score(float[] x) => Enumerable.Range(0, O).Sum(unit => _pooling.Context.Value.Span[unit] * Math.Tanh(
        _pooling.Projection.Bias.Value.Span[unit] + Enumerable.Range(0, O).Sum(i => (double)_pooling.Projection.Weight.Value.Row(unit)[i] * x[i])));
}
