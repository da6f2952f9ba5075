using System.Globalization;
using RnnService.Training;
using RnnService.Training.Tasks;

namespace RnnService.Cli.Progress;

/// <summary>Training events in words, the same on a terminal and in a log.</summary>
static class TrainingText
{
    public static string Describe(TrainingEvent happened) => happened switch
    {
        TrainingStarted start => Invariant(
            $"{start.WeightCount:N0} weights, {Size(start.Size)}{LeftOut(start.Size.LeftOut)}; {Steps(start)}"),
        TeacherAsked asked => Invariant($"asking the teacher: {asked.Texts:N0} of {asked.TotalTexts:N0} texts"),
        StepsDone steps => Invariant(
            $"epoch {steps.Epoch}/{steps.Epochs}  step {steps.Step:N0}/{steps.TotalSteps:N0}  {Figures(steps)}  {Duration(steps.Remaining)} left"),
        EpochDone epoch => Invariant(
            $"epoch {epoch.Result.Epoch}: training loss {epoch.Result.TrainingLoss:0.0000}, validation loss {epoch.Result.ValidationLoss:0.0000}, {Quality(epoch.Result)}{(epoch.Improved ? " (best)" : "")}"),
        StoppedEarly early => $"stopped early: epoch {early.BestEpoch} stays the best",
        CheckpointSaved saved => Invariant($"checkpoint saved in {saved.Folder} at step {saved.Step:N0}"),
        MeasuringStarted => "measuring the weights as stored, and the baselines",
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "no words for this event"),
    };

    /// <summary>Loss, perplexity where it is one, gradient norm, learning rate and speed.</summary>
    public static string Figures(StepsDone steps) => Invariant(
        $"loss {steps.Loss:0.0000}  {Perplexity(steps)}norm {steps.GradientNorm:0.00}  rate {steps.LearningRate:G3}  {steps.TokensPerSecond:N0} tokens/s");

    /// <summary>Hours, minutes and seconds, after the days where there are any.</summary>
    public static string Duration(TimeSpan time) =>
        time.ToString(time.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);

    static string Perplexity(StepsDone steps) => steps.Perplexity is { } perplexity ? Invariant($"ppl {perplexity:0.0}  ") : "";

    static string Size(TrainingSize size) => size.VocabularySize == 0
        ? Invariant($"{size.TrainingTokens:N0} training and {size.ValidationTokens:N0} validation time steps")
        : Invariant($"vocabulary {size.VocabularySize:N0}; {size.TrainingTokens:N0} training and {size.ValidationTokens:N0} validation tokens");

    static string LeftOut(int rows) => rows == 0 ? "" : Invariant($"; {rows:N0} rows longer than model.maxLength left out");

    static string Quality(EpochResult result) => result.ValidationAccuracy is { } accuracy
        ? Invariant($"accuracy {accuracy:0.0%}")
        : Invariant($"perplexity {result.ValidationPerplexity:0.00}");

    static string Steps(TrainingStarted start) =>
        start.Step == 0 ? Invariant($"{start.TotalSteps:N0} steps") : Invariant($"resumed at step {start.Step:N0} of {start.TotalSteps:N0}");

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
