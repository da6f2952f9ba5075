namespace RnnService.Training.Schedules;

/// <summary>The recipe's learning rate all the way.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double FactorAt(SchedulePoint point) => 1;
}
