using RnnService.Training.Tasks;

namespace RnnService.Training;

/// <summary>Something worth showing while a model trains.</summary>
public abstract record TrainingEvent;

/// <summary>Data and model are ready; the first step follows.</summary>
/// <param name="Size">how much there is to read</param>
/// <param name="WeightCount">weights of the model</param>
/// <param name="Step">steps made before, not 0 in a resumed training</param>
/// <param name="TotalSteps">steps of all epochs</param>
public sealed record TrainingStarted(TrainingSize Size, long WeightCount, long Step, long TotalSteps) : TrainingEvent;

/// <summary>The model that is learnt from (<c>training.teacher</c>) is asked about the training texts, before anything is learnt.</summary>
/// <param name="Texts">asked about so far</param>
/// <param name="TotalTexts">of the training data</param>
public sealed record TeacherAsked(int Texts, int TotalTexts) : TrainingEvent;

/// <summary>Steps were made since the last report.</summary>
/// <param name="Epoch">the running epoch, from 1</param>
/// <param name="Epochs">epochs of the recipe</param>
/// <param name="Step">steps made so far</param>
/// <param name="TotalSteps">steps of all epochs</param>
/// <param name="Loss">mean loss since the last report, nats per prediction</param>
/// <param name="Perplexity">e to the loss, of a task that predicts tokens; null for others</param>
/// <param name="GradientNorm">of the last step, before clipping</param>
/// <param name="LearningRate">of the last step</param>
/// <param name="TokensPerSecond">tokens or time steps read, since the last report</param>
/// <param name="Remaining">time to the last epoch's end at the speed of this run so far</param>
public sealed record StepsDone(
    int Epoch, int Epochs, long Step, long TotalSteps, double Loss, double? Perplexity, double GradientNorm, double LearningRate,
    double TokensPerSecond, TimeSpan Remaining)
    : TrainingEvent;

/// <summary>An epoch was validated.</summary>
/// <param name="Result">its losses</param>
/// <param name="Improved">whether its weights are the best so far</param>
public sealed record EpochDone(EpochResult Result, bool Improved) : TrainingEvent;

/// <summary>Training ends before the last epoch because the validation loss no longer falls.</summary>
/// <param name="BestEpoch">the epoch whose weights are kept</param>
public sealed record StoppedEarly(int BestEpoch) : TrainingEvent;

/// <summary>A checkpoint was written that <c>--resume</c> continues from.</summary>
/// <param name="Step">steps made so far</param>
/// <param name="Folder">where it lies</param>
public sealed record CheckpointSaved(long Step, string Folder) : TrainingEvent;

/// <summary>
/// No more steps: the weights as stored are measured on the validation data, beside the baselines, and what is counted is counted. It may
/// take minutes.
/// </summary>
public sealed record MeasuringStarted : TrainingEvent;
