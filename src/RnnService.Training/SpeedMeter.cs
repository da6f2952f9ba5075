using RnnService.Training.Tasks;

namespace RnnService.Training;

/// <summary>Sums up steps between two reports: mean loss, tokens per second and the time that remains.</summary>
sealed class SpeedMeter(TimeProvider clock, TimeSpan interval, long totalSteps)
{
    readonly long _start = clock.GetTimestamp();
    long _stepsHere;
    long _reported = clock.GetTimestamp();
    StepSum _sum;

    /// <summary>Takes one step in.</summary>
    /// <param name="sum">of the step</param>
    /// <param name="step">steps made so far, this one included</param>
    /// <returns>the report when one is due, else null</returns>
    public Speed? Add(StepSum sum, long step)
    {
        _stepsHere++;
        _sum += sum;
        var elapsed = clock.GetElapsedTime(_reported);
        if (elapsed < interval && step < totalSteps)
            return null;

        var remaining = clock.GetElapsedTime(_start) / _stepsHere * (totalSteps - step);
        var speed = new Speed(_sum.Loss.Mean, _sum.Tokens / Math.Max(elapsed.TotalSeconds, 1e-9), remaining);
        (_sum, _reported) = (default, clock.GetTimestamp());
        return speed;
    }

    /// <param name="Loss">nats per prediction</param>
    /// <param name="TokensPerSecond">since the last report</param>
    /// <param name="Remaining">to the last step</param>
    public readonly record struct Speed(double Loss, double TokensPerSecond, TimeSpan Remaining);
}
