using RnnService.Training.Schedules;

namespace RnnService.Training.Tests.Schedules;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(54, 0.55)]
    [InlineData(104, 0.1)]
    public void Cosine_RisesThenFallsToTheFinalFactor(long step, double expected) =>
        Assert.Equal(expected, new CosineSchedule(4, 0.1).FactorAt(new SchedulePoint(step, 104, 1, 0)), 12);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 0.5)]
    [InlineData(7, 0.125)]
    public void StepDecay_HalvesEachEpochAfterTheFourth(int epoch, double expected) =>
        Assert.Equal(expected, new StepDecaySchedule(4, 0.5).FactorAt(new SchedulePoint(0, 1, epoch, 0)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 0.0625)]
    public void Plateau_FallsWithEachEpochThatDidNotImprove(int epochs, double expected) =>
        Assert.Equal(expected, new PlateauSchedule(0.25).FactorAt(new SchedulePoint(0, 1, 9, epochs)));

    [Fact]
    public void EpochsWithoutImprovement_CountsEpochsNoBetterThanTheBestBefore()
    {
        double[] losses = [5, 4, 4.5, 4, 3, 3.5];
        var position = new TrainingPosition { History = [.. losses.Select((loss, index) => new EpochResult(index + 1, loss, loss, 1))] };
        Assert.Equal(3, position.EpochsWithoutImprovement);
        Assert.Equal(5, position.Best!.Epoch);
    }

    // As many epochs as a recipe allows, each compared with the best before it only.
    [Fact]
    public void EpochsWithoutImprovement_ManyEpochsOfWhichEachIsBetter_IsNone()
    {
        var history = Enumerable.Range(1, 100_000).Select(epoch => new EpochResult(epoch, 1.0 / epoch, 1.0 / epoch, 1));
        Assert.Equal(0, new TrainingPosition { History = [.. history] }.EpochsWithoutImprovement);
    }
}
