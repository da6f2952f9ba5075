using RnnService.Training.Metrics;

namespace RnnService.Training.Tests.Metrics;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void Value_AsOftenRightAsSure_IsZero()
    {
        var error = new CalibrationError();
        for (int i = 0; i < 10; i++)
            error.Add(0.8, i < 8);
        Assert.Equal(0, error.Value, 12);
    }

    [Fact]
    public void Value_TwoBins_WeighsTheirGapsByTheirSizes()
    {
        var error = new CalibrationError();
        foreach (bool right in (bool[])[true, false, false, false])
            error.Add(0.95, right);   // sure of 95%, right in 25%
        foreach (bool right in (bool[])[true, true, true, true])
            error.Add(0.6, right);    // sure of 60%, right in 100%
        Assert.Equal((4 * 0.7 + 4 * 0.4) / 8, error.Value, 12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Add_EndsOfTheRange_FallIntoABin(double confidence)
    {
        var error = new CalibrationError();
        error.Add(confidence, isRight: true);
        Assert.Equal(1 - confidence, error.Value, 12);
    }
}
