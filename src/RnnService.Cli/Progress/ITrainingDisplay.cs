using RnnService.Training;

namespace RnnService.Cli.Progress;

/// <summary>Shows a training while it runs.</summary>
interface ITrainingDisplay
{
    /// <summary>Runs <paramref name="training"/> and shows the events it reports.</summary>
    T Show<T>(Func<IProgress<TrainingEvent>, T> training);
}
