using RnnService.Cli.Progress;

namespace RnnService.Cli.Tests;

public sealed class TrainingTextTests
{
    [Theory]
    [InlineData(0, 0, 59, "00:00:59")]
    [InlineData(0, 23, 0, "23:00:00")]
    [InlineData(2, 3, 4, "2.03:00:04")]
    public void Duration_Days_AreThereWhenThereAreAny(int days, int hours, int seconds, string expected) =>
        Assert.Equal(expected, TrainingText.Duration(new TimeSpan(days, hours, 0, seconds)));
}
