namespace RnnService.Training.Schedules;

/// <summary>One more factor after each epoch whose validation loss was no better than the best before it.</summary>
/// <param name="Factor">the factor of each such epoch</param>
public sealed record PlateauSchedule(double Factor) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double FactorAt(SchedulePoint point) => Math.Pow(Factor, point.EpochsWithoutImprovement);
}
