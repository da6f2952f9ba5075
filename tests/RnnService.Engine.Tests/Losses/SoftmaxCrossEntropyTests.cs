using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Losses;

public sealed class SoftmaxCrossEntropyTests
{
    const int Rows = 6, InputSize = 5, VocabularySize = 23;

    readonly ParameterSet _parameters = new();
    readonly Linear _output;
    readonly Tensor _x = Tensor.From(Some.Floats(Rows * InputSize), new Shape(Rows, InputSize));
    readonly int[] _targets = [3, 22, -1, 0, 3, 17];

    public SoftmaxCrossEntropyTests()
    {
        _output = new Linear(InputSize, VocabularySize, _parameters, "output");
        Some.Fill(_output.Weight.Value.Span, seed: 2, scale: 1.5f);
        Some.Fill(_output.Bias.Value.Span, seed: 3);
        _output.Pack();
    }

    [Fact]
    public void Forward_SomeRowsUncounted_SumsTheOthers()
    {
        var loss = new SoftmaxCrossEntropy(_output).Forward(_x.Span, _targets);
        Assert.Equal(5, loss.Tokens);
        Assert.Equal(Nats(), loss.Nats, 1e-5);
    }

    [Fact]
    public void ForwardBackward_EveryInput_HasTheSlopeOfTheMean()
    {
        var dx = new Tensor(Rows, InputSize);
        var loss = new SoftmaxCrossEntropy(_output).ForwardBackward(_x.Span, _targets, dx.Span);
        Assert.Equal(Nats(), loss.Nats, 1e-5);
        double Mean() => Nats() / 5;
        GradientCheck.Run("x", _x, dx, Mean, 2e-4);
        GradientCheck.Run("weight", _output.Weight.Value, _output.Weight.Gradient, Mean, 2e-4);
        GradientCheck.Run("bias", _output.Bias.Value, _output.Bias.Gradient, Mean, 2e-4);
    }

    [Fact]
    public void ForwardBackward_NothingCounted_LeavesGradientsZero()
    {
        var dx = new Tensor(Rows, InputSize);
        var loss = new SoftmaxCrossEntropy(_output).ForwardBackward(_x.Span, [-1, -1, -1, -1, -1, -1], dx.Span);
        Assert.Equal(new LossSum(0, 0), loss);
        Assert.All(dx.Span.ToArray(), value => Assert.Equal(0f, value));
        Assert.All(_output.Weight.Gradient.Span.ToArray(), value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Forward_TargetOutsideVocabulary_NamesIt()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new SoftmaxCrossEntropy(_output).Forward(_x.Span, [0, VocabularySize, 0, 0, 0, 0]));
        Assert.Contains("target 23 at 1: expected below 23", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForwardBackward_Twice_AddsToParametersOnly()
    {
        Tensor first = new(Rows, InputSize), second = new(Rows, InputSize);
        var loss = new SoftmaxCrossEntropy(_output);
        loss.ForwardBackward(_x.Span, _targets, first.Span);
        float[] once = _output.Weight.Gradient.Span.ToArray();
        loss.ForwardBackward(_x.Span, _targets, second.Span);
        Tolerance.AssertSameBits(first.Span, second.Span, "dx");
        Tolerance.AssertClose(once.Select(value => value * 2).ToArray(), _output.Weight.Gradient.Span, 1e-6, "weight gradient");
    }

    [Fact]
    public void ForwardBackward_MoreRowsThanOneBlock_EqualsThePartsTogether()
    {
        // A block holds 2^23 logits: 1,500 rows of 6,000 make two.
        const int Many = 1500, Wide = 6000;
        var wide = new Linear(2, Wide, new ParameterSet(), "output");
        Some.Fill(wide.Weight.Value.Span, seed: 5);
        wide.Pack();
        float[] x = Some.Floats(Many * 2), dx = new float[Many * 2], dxParts = new float[Many * 2];
        int[] targets = [.. Enumerable.Range(0, Many).Select(i => i * 37 % Wide)];
        var whole = new SoftmaxCrossEntropy(wide).ForwardBackward(x, targets, dx);
        double nats = 0;
        for (int from = 0; from < Many; from += 500)
            nats += new SoftmaxCrossEntropy(wide).ForwardBackward(x.AsSpan(from * 2, 1000), targets.AsSpan(from, 500), dxParts.AsSpan(from * 2, 1000)).Nats;
        Assert.Equal(nats, whole.Nats, 1e-6 * nats);
        // The parts' gradients are of means over a third of the rows.
        for (int i = 0; i < dx.Length; i++)
            Assert.Equal(dxParts[i] / 3, dx[i], 1e-7f);
    }

    /// <summary>The sum of the losses of the counted rows, in double from the definition.</summary>
    double Nats()
    {
        double nats = 0;
        double[] logits = new double[VocabularySize];
        for (int row = 0; row < Rows; row++)
        {
            if (_targets[row] < 0)
                continue;
            for (int column = 0; column < VocabularySize; column++)
            {
                logits[column] = _output.Bias.Value.Span[column];
                for (int i = 0; i < InputSize; i++)
                    logits[column] += (double)_x.Row(row)[i] * _output.Weight.Value.Row(column)[i];
            }
            nats += Math.Log(logits.Sum(Math.Exp)) - logits[_targets[row]];
        }
        return nats;
    }
}
