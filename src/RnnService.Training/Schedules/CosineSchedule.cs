namespace RnnService.Training.Schedules;

/// <summary>A linear rise over the warm-up, then half a cosine wave down to the final factor at the last step (Loshchilov and Hutter 2017).</summary>
/// <param name="WarmupSteps">steps of the rise; 0 starts at the full rate</param>
/// <param name="FinalFactor">the factor at the end</param>
public sealed record CosineSchedule(int WarmupSteps, double FinalFactor) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double FactorAt(SchedulePoint point)
    {
        if (point.Step < WarmupSteps)
            return (point.Step + 1.0) / WarmupSteps;
        double done = Math.Min(1, (double)(point.Step - WarmupSteps) / Math.Max(1, point.TotalSteps - WarmupSteps));
        return FinalFactor + (1 - FinalFactor) * 0.5 * (1 + Math.Cos(Math.PI * done));
    }
}
