using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Layers;
using RnnService.Engine.Tests.Support;
using RnnService.Engine.Tests.Threading;

namespace RnnService.Engine.Tests.Losses;

[Collection(Tiers.Collection)]
public sealed class SoftmaxCrossEntropyTests
{
    const int InputSize = 5, VocabularySize = 9;

    // Rows 1 and 4 do not count.
    static readonly int[] s_targets = [3, -1, 8, 0, -5, 3, 7];

    readonly ParameterSet _parameters = new();
    readonly Linear _output;
    readonly float[] _x = Some.Floats(s_targets.Length * InputSize, 3, 2f);

    public SoftmaxCrossEntropyTests()
    {
        _output = new Linear(InputSize, VocabularySize, _parameters, "output");
        Some.Fill(_output.Weight.Value.Span, 1, 2f);
        Some.Fill(_output.Bias.Value.Span, 2);
        _output.Pack();
    }

    public static TheoryData<SimdTier, int> TiersAndBlocks()
    {
        var data = new TheoryData<SimdTier, int>();
        foreach (var tier in Enum.GetValues<SimdTier>())
        {
            data.Add(tier, 1);
            data.Add(tier, 3);
            data.Add(tier, 100);
        }
        return data;
    }

    [Theory, MemberData(nameof(TiersAndBlocks))]
    public void ForwardBackward_AnyBlocks_MatchesThePlainFormulaAndItsDifferences(SimdTier tier, int blockRows)
    {
        using var use = SimdTiers.Use(tier);
        _output.Pack();
        var loss = new SoftmaxCrossEntropy(_output, blockRows * VocabularySize);
        float[] dx = Some.Floats(_x.Length, 4);
        var sum = loss.ForwardBackward(_x, s_targets, dx);

        Assert.Equal(5, sum.Tokens);
        Tolerance.AssertClose(PlainSum(), sum.Nats, 2e-6, "loss");
        foreach (var parameter in _parameters)
            GradientCheck.Run(PlainMean, parameter.Value.Span, parameter.Gradient.Span, parameter.Name);
        GradientCheck.Run(PlainMean, _x, dx, "x");
    }

    [Theory, MemberData(nameof(TiersAndBlocks))]
    public void Forward_AnyBlocks_MatchesThePlainFormulaAndTouchesNoGradient(SimdTier tier, int blockRows)
    {
        using var use = SimdTiers.Use(tier);
        _output.Pack();
        var sum = new SoftmaxCrossEntropy(_output, blockRows * VocabularySize).Forward(_x, s_targets);
        Assert.Equal(5, sum.Tokens);
        Tolerance.AssertClose(PlainSum(), sum.Nats, 2e-6, "loss");
        Assert.All(_parameters, parameter => Assert.All(parameter.Gradient.Span.ToArray(), value => Assert.Equal(0f, value)));
    }

    [Fact]
    public void ForwardBackward_NoTargetCounts_GivesNoLossAndNoGradient()
    {
        float[] dx = Some.Floats(_x.Length, 4);
        var sum = new SoftmaxCrossEntropy(_output).ForwardBackward(_x, [-1, -1, -1, -1, -1, -1, -1], dx);
        Assert.Equal(new LossSum(0, 0), sum);
        Assert.All(dx, value => Assert.Equal(0f, value));
        Assert.All(_parameters, parameter => Assert.All(parameter.Gradient.Span.ToArray(), value => Assert.Equal(0f, value)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Passes_TargetOutsideTheVocabulary_ThrowNamingItBeforeAnythingChanges(int threads)
    {
        using var use = ThreadCount.Use(threads);
        int[] targets = [3, 1, 8, 0, 2, VocabularySize, 7];
        var loss = new SoftmaxCrossEntropy(_output);
        float[] dx = new float[_x.Length];
        foreach (Action run in new Action[] { () => loss.ForwardBackward(_x, targets, dx), () => loss.Forward(_x, targets) })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(run);
            Assert.Contains($"target {VocabularySize} at 5: expected below {VocabularySize}", error.Message, StringComparison.Ordinal);
        }
        Assert.All(_output.Weight.Gradient.Span.ToArray(), value => Assert.Equal(0f, value));
    }

    [Fact]
    public void LossSum_Parts_AddUpToTheWhole()
    {
        var sum = new LossSum(3, 2) + new LossSum(1, 2);
        Assert.Equal(new LossSum(4, 4), sum);
        Assert.Equal(Math.E, sum.Perplexity, 1e-12);
        Assert.True(double.IsNaN(default(LossSum).Mean));
    }

    double PlainMean() => PlainSum() / s_targets.Count(target => target >= 0);

    double PlainSum()
    {
        double nats = 0;
        for (int row = 0; row < s_targets.Length; row++)
        {
            if (s_targets[row] < 0)
                continue;
            double[] logits = new double[VocabularySize];
            for (int i = 0; i < logits.Length; i++)
            {
                logits[i] = _output.Bias.Value.Span[i];
                for (int input = 0; input < InputSize; input++)
                    logits[i] += (double)_output.Weight.Value.Span[i * InputSize + input] * _x[row * InputSize + input];
            }
            nats += Math.Log(logits.Sum(Math.Exp)) - logits[s_targets[row]];
        }
        return nats;
    }
}
