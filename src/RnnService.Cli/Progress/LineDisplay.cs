using RnnService.Training;

namespace RnnService.Cli.Progress;

/// <summary>One line an event, steps every now and then: for logs and pipes.</summary>
sealed class LineDisplay(TextWriter writer, TimeProvider clock) : ITrainingDisplay, IProgress<TrainingEvent>
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    long? _lastSteps;

    public T Show<T>(Func<IProgress<TrainingEvent>, T> training) => training(this);

    public void Report(TrainingEvent value)
    {
        if (value is StepsDone)
        {
            if (_lastSteps is { } last && clock.GetElapsedTime(last) < Interval)
                return;
            _lastSteps = clock.GetTimestamp();
        }
        writer.WriteLine(TrainingText.Describe(value));
        writer.Flush();
    }
}
