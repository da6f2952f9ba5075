using RnnService.Training;

namespace RnnService.Cli.Progress;

/// <summary>One line an event, every now and then of those that come often: for logs and pipes.</summary>
sealed class LineDisplay(TextWriter writer, TimeProvider clock) : ITrainingDisplay, IProgress<TrainingEvent>
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    readonly Dictionary<Type, long> _shown = [];

    public T Show<T>(Func<IProgress<TrainingEvent>, T> training) => training(this);

    public void Report(TrainingEvent value)
    {
        if (value is StepsDone or TeacherAsked)
        {
            if (_shown.TryGetValue(value.GetType(), out long last) && clock.GetElapsedTime(last) < Interval)
                return;
            _shown[value.GetType()] = clock.GetTimestamp();
        }
        writer.WriteLine(TrainingText.Describe(value));
        writer.Flush();
    }
}
