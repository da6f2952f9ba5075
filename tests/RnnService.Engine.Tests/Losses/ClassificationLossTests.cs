using RnnService.Engine.Losses;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Losses;

public sealed class ClassificationLossTests
{
    static readonly float[] s_logits = [1, -0.5f, 0.25f, 0.1f, 2, -1, -0.3f, 0.7f, 0.9f, 0.5f, 0.5f, -2];
    static readonly int[] s_targets = [0, 2, 1, -1];

    // PyTorch 1.13, z the logits above [4,3], y = [0,2,1,-100]:
    //   l = torch.nn.functional.cross_entropy(z, y, weight=w, label_smoothing=e); l.backward(); l, z.grad
    [Theory]
    [InlineData(new float[0], 0, 1.5537138, new float[] { -0.136734f, 0.043867f, 0.092867f, 0.041569f, 0.277927f, -0.319496f, 0.047359f, -0.204598f, 0.157238f, 0, 0, 0 })]
    [InlineData(new float[] { 0.5f, 2, 1.5f }, 0, 1.7348565, new float[] { -0.051275f, 0.016450f, 0.034825f, 0.046765f, 0.312668f, -0.359433f, 0.071039f, -0.306896f, 0.235857f, 0, 0, 0 })]
    [InlineData(new float[0], 0.1, 1.5420470, new float[] { -0.114512f, 0.032756f, 0.081756f, 0.030458f, 0.266816f, -0.297274f, 0.036248f, -0.182375f, 0.146127f, 0, 0, 0 })]
    [InlineData(new float[] { 0.5f, 2, 1.5f }, 0.2, 1.6615446, new float[] { -0.010034f, -0.011400f, 0.021433f, 0.037393f, 0.272386f, -0.309779f, 0.057970f, -0.253103f, 0.195134f, 0, 0, 0 })]
    public void ForwardBackward_WeightsAndSmoothing_AreThoseOfPyTorch(float[] weights, double smoothing, double loss, float[] gradient)
    {
        float[] logits = [.. s_logits];
        var sum = new ClassificationLoss(3, smoothing, weights).ForwardBackward(logits, s_targets);
        Assert.Equal(loss, sum.Mean, 1e-6);
        Assert.Equal(3, sum.Tokens);
        Tolerance.AssertClose(gradient, logits, 2e-6, "gradient");
    }

    // PyTorch 1.13, z the first three rows, t the soft targets, e = 0.1, s = 0.4:
    //   q = (1 - s) * ((1 - e) * torch.nn.functional.one_hot(y, 3) + e / 3) + s * t
    //   l = torch.nn.functional.cross_entropy(z, q); l.backward(); l, z.grad
    [Fact]
    public void ForwardBackward_SoftTargets_AreThoseOfPyTorch()
    {
        float[] logits = [.. s_logits], soft = [0.7f, 0.2f, 0.1f, 0.1f, 0.3f, 0.6f, 0.25f, 0.5f, 0.25f, 0, 1, 0];
        var sum = new ClassificationLoss(3, 0.1, softShare: 0.4).ForwardBackward(logits, s_targets, soft);
        Assert.Equal(1.4887136, sum.Mean, 1e-6);
        Tolerance.AssertClose([-0.083401f, 0.010534f, 0.072867f, 0.021569f, 0.23126f, -0.25283f, 0.007359f, -0.124598f, 0.117238f, 0, 0, 0], logits, 2e-6, "gradient");
    }

    [Fact]
    public void ForwardBackward_SoftTargetsThatKnowNothing_AreLabelSmoothing()
    {
        float[] weights = [0.5f, 2, 1.5f], soft = [.. s_logits], smoothed = [.. s_logits];
        var sum = new ClassificationLoss(3, 0, weights, softShare: 0.3).ForwardBackward(soft, s_targets, [.. Enumerable.Repeat(1 / 3f, 12)]);
        Assert.Equal(new ClassificationLoss(3, 0.3, weights).ForwardBackward(smoothed, s_targets).Mean, sum.Mean, 1e-6);
        Tolerance.AssertClose(smoothed, soft, 1e-6, "gradient");
    }

    [Fact]
    public void ForwardBackward_WithoutTheSoftTargets_Throws() =>
        Assert.Throws<ArgumentException>(() => new ClassificationLoss(3, softShare: 0.5).ForwardBackward(new float[3], [0]));

    [Fact]
    public void ForwardBackward_NothingCounts_IsZero()
    {
        float[] logits = [.. s_logits];
        Assert.Equal(new LossSum(0, 0), new ClassificationLoss(3).ForwardBackward(logits, [-1, -1, -1, -1]));
        Assert.All(logits, value => Assert.Equal(0, value));
    }

    [Fact]
    public void ForwardBackward_TargetTooLarge_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassificationLoss(3).ForwardBackward(new float[3], [3]));
}
