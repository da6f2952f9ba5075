using RnnService.Models.Checkpoints;
using RnnService.Training.Schedules;

namespace RnnService.Training.Recipes;

/// <summary>The <c>training</c> section of a recipe.</summary>
public sealed record TrainingSettings
{
    /// <summary>Times the training text is read, 1 or more.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>B, text columns trained side by side.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>T, time steps of one truncated backpropagation.</summary>
    public int BpttWindow { get; init; } = 35;

    /// <summary>How weights follow gradients.</summary>
    public OptimizerSettings Optimizer { get; init; } = new();

    /// <summary>How the learning rate changes over the training.</summary>
    public LearningRateSchedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>The global norm gradients are scaled down to; 0 leaves them alone. The loss is the mean over the window's tokens.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Epochs without a better validation loss after which training stops; 0 never stops early.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>Fixes initial weights, dropout and order of lines.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The order the text is read in.</summary>
    public TextOrder Order { get; init; } = TextOrder.Stream;

    /// <summary>Weight averaging, or null for none.</summary>
    public AveragingSettings? Averaging { get; init; }

    /// <summary>The number type of the published weights.</summary>
    public StorageType Storage { get; init; } = StorageType.Float32;
}
