namespace RnnService.Training.Schedules;

/// <summary>
/// The factor on the recipe's learning rate at each step: a pure function of where training stands, so a resumed training gets the
/// same factors.
/// </summary>
public abstract record LearningRateSchedule
{
    /// <summary>The factor for the step about to be made.</summary>
    public abstract double FactorAt(SchedulePoint point);
}

/// <summary>Where training stands before a step.</summary>
/// <param name="Step">steps made so far</param>
/// <param name="TotalSteps">steps of all epochs together</param>
/// <param name="Epoch">the running epoch, from 1</param>
/// <param name="EpochsWithoutImprovement">finished epochs whose validation loss was no better than the best before</param>
public readonly record struct SchedulePoint(long Step, long TotalSteps, int Epoch, int EpochsWithoutImprovement);
