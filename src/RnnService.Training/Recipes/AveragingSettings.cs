namespace RnnService.Training.Recipes;

/// <summary>The <c>training.averaging</c> section: the running mean of the weights is validated and published instead of the last weights.</summary>
/// <param name="StartEpoch">the first epoch (from 1) whose steps are averaged</param>
/// <param name="Decay">weight of the mean so far at each step; 1 gives every step the same weight</param>
public sealed record AveragingSettings(int StartEpoch, double Decay);
