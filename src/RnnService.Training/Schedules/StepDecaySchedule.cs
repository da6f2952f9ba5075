namespace RnnService.Training.Schedules;

/// <summary>The full rate for some epochs, then one more factor for each further epoch (Zaremba et al. 2014).</summary>
/// <param name="After">epochs at the full rate</param>
/// <param name="Factor">the factor of each epoch after them</param>
public sealed record StepDecaySchedule(int After, double Factor) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double FactorAt(SchedulePoint point) => Math.Pow(Factor, Math.Max(0, point.Epoch - After));
}
