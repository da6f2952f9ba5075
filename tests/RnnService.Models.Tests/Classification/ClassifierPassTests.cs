using RnnService.Engine.Layers;
using RnnService.Models.Classification;

namespace RnnService.Models.Tests.Classification;

public sealed class ClassifierPassTests
{
    [Theory]
    [InlineData(PoolingKind.Last, false, false)]
    [InlineData(PoolingKind.Last, true, false)]
    [InlineData(PoolingKind.Mean, true, false)]
    [InlineData(PoolingKind.Max, true, false)]
    [InlineData(PoolingKind.Attention, true, false)]
    [InlineData(PoolingKind.Last, false, true)]
    [InlineData(null, true, false)]
    public void Forward_ARowOfABatch_GivesWhatItGivesAlone(PoolingKind? pooling, bool bidirectional, bool series)
    {
        var model = SmallClassifier.Create(pooling, bidirectional, characters: pooling is null, series: series);
        var sequences = SmallClassifier.Sequences(model);
        var together = new ClassifierPass(model, SmallClassifier.MostSteps, batchSize: 6);
        together.Forward(sequences);
        for (int row = 0; row < sequences.Length; row++)
        {
            var alone = new ClassifierPass(model, sequences[row].Length, batchSize: 1);
            alone.Forward([sequences[row]]);
            for (int word = 0; word < (pooling is null ? sequences[row].Length - TextFrame.Steps : 1); word++)
                AssertClose(alone.Logits(0, word), together.Logits(row, word));
        }
    }

    [Fact]
    public void Forward_ShorterBatchAfterALongerOne_ForgetsTheLongerOne()
    {
        var model = SmallClassifier.Create(PoolingKind.Mean);
        var sequences = SmallClassifier.Sequences(model);
        var pass = new ClassifierPass(model, SmallClassifier.MostSteps, batchSize: 4);
        pass.Forward([sequences[1]]);
        float[] before = pass.Logits(0).ToArray();
        pass.Forward(sequences);
        pass.Forward([sequences[1]]);
        AssertClose(before, pass.Logits(0));
    }

    [Fact]
    public void Forward_TooManyRowsOrSteps_SaysWhatFits()
    {
        var model = SmallClassifier.Create(PoolingKind.Mean);
        var sequences = SmallClassifier.Sequences(model);
        Assert.Contains("expected 1 to 2", Assert.Throws<ArgumentException>(() => new ClassifierPass(model, 7, 2).Forward(sequences)).Message, StringComparison.Ordinal);
        Assert.Contains("expected 1 to 3", Assert.Throws<ArgumentException>(() => new ClassifierPass(model, 3, 4).Forward(sequences)).Message, StringComparison.Ordinal);
    }

    static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], found[k], 1e-5f);
    }
}
