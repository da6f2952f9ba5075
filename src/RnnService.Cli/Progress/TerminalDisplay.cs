using RnnService.Training;
using Spectre.Console;

namespace RnnService.Cli.Progress;

/// <summary>A progress bar with the live figures beside it; epochs and checkpoints scroll past above.</summary>
sealed class TerminalDisplay(IAnsiConsole console) : ITrainingDisplay
{
    public T Show<T>(Func<IProgress<TrainingEvent>, T> training) => console.Progress()
        .AutoClear(false)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context => training(new Bar(console, context)));

    sealed class Bar(IAnsiConsole console, ProgressContext context) : IProgress<TrainingEvent>
    {
        readonly ProgressTask _task = context.AddTask("reading text", autoStart: true);

        public void Report(TrainingEvent value)
        {
            switch (value)
            {
                case StepsDone steps:
                    _task.Value = steps.Step;
                    _task.Description = Markup.Escape(
                        $"epoch {steps.Epoch}/{steps.Epochs}  {TrainingText.Figures(steps)}  {TrainingText.Duration(steps.Remaining)} left");
                    break;
                case TeacherAsked asked:
                    _task.MaxValue = asked.TotalTexts;
                    _task.Value = asked.Texts;
                    _task.Description = Markup.Escape(TrainingText.Describe(asked));
                    break;
                case TrainingStarted start:
                    _task.MaxValue = start.TotalSteps;
                    _task.Value = start.Step;
                    goto default;
                default:
                    console.WriteLine(TrainingText.Describe(value));
                    break;
            }
        }
    }
}
