using RnnService.Training.Baselines;
using RnnService.Training.Data;

namespace RnnService.Training.Tests.Baselines;

public sealed class SeriesBaselinesTests
{
    static readonly SeriesExample[] s_training = [Example("low", "low"), Example("low", "low"), Example("high", "low")];

    [Fact]
    public void Measure_CurrentClassKnown_PredictsThatNothingChanges()
    {
        var baselines = SeriesBaselines.Measure(Labels, s_training, [Example("high", "high"), Example("low", "low"), Example("high", "low")]);
        Assert.Equal(["majority", "unchanged"], baselines.Select(baseline => baseline.Name));
        Assert.Equal(1.0 / 3, baselines[0].Matrix.Accuracy, 12);
        Assert.Equal(2.0 / 3, baselines[1].Matrix.Accuracy, 12);
    }

    [Fact]
    public void Measure_CurrentClassUnknown_HasTheMajorityOnly() =>
        Assert.Single(SeriesBaselines.Measure(Labels, s_training, [Example("high", null)]));

    static LabelSet Labels => LabelSet.Of(s_training.Select(example => example.Label));

    static SeriesExample Example(string label, string? current) => new(new float[] { 1 }, new Label(label, "some.csv", 2), current);
}
