using RnnService.Engine.Losses;

namespace RnnService.Training;

/// <summary>Where a training stands between two steps; with the tensors of <see cref="Trainer.State"/> all that a resumed training needs.</summary>
public sealed record TrainingPosition
{
    /// <summary>The running epoch, from 1; one more than the recipe's epochs at the end.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>The next batch of the epoch, from 0.</summary>
    public int Window { get; init; }

    /// <summary>Steps made in all epochs.</summary>
    public long Step { get; init; }

    /// <summary>Loss of the running epoch so far.</summary>
    public LossSum EpochLoss { get; init; }

    /// <summary>Steps in the mean of the weights.</summary>
    public long AveragedSteps { get; init; }

    /// <summary>The finished epochs.</summary>
    public IReadOnlyList<EpochResult> History { get; init; } = [];

    /// <summary>The finished epoch with the lowest validation error (of equals the one with the lowest loss, then the earliest), or null before the first.</summary>
    public EpochResult? Best => History.MinBy(epoch => (epoch.Error, epoch.ValidationLoss));

    /// <summary>Finished epochs that were no better than the best before them.</summary>
    public int EpochsWithoutImprovement
    {
        get
        {
            int count = 0;
            EpochResult? best = null;
            foreach (var epoch in History)
            {
                if (best is null || epoch.IsBetterThan(best))
                    best = epoch;
                else
                    count++;
            }
            return count;
        }
    }
}

/// <summary>What one epoch gave.</summary>
/// <param name="Epoch">from 1</param>
/// <param name="TrainingLoss">mean over the epoch's predictions while weights moved, nats</param>
/// <param name="ValidationLoss">mean after the epoch, nats</param>
/// <param name="LearningRate">of its last step</param>
/// <param name="ValidationAccuracy">fraction of right answers after the epoch, or null for a task without one</param>
public sealed record EpochResult(int Epoch, double TrainingLoss, double ValidationLoss, double LearningRate, double? ValidationAccuracy = null)
{
    /// <summary>What early stopping compares: the fraction of wrong answers after the epoch, or the validation loss of a task without right ones.</summary>
    public double Error => ValidationAccuracy is { } accuracy ? 1 - accuracy : ValidationLoss;

    /// <summary>Whether its error is lower or, where the errors are equal, its loss.</summary>
    public bool IsBetterThan(EpochResult other) => Error < other.Error || (Error == other.Error && ValidationLoss < other.ValidationLoss);

    /// <summary>exp of the validation loss.</summary>
    public double ValidationPerplexity => Math.Exp(ValidationLoss);
}
