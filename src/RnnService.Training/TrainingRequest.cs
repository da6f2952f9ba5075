using RnnService.Training.Recipes;

namespace RnnService.Training;

/// <summary>One training from text to a published model.</summary>
public sealed record TrainingRequest
{
    /// <summary>What to train and how.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>Paths of the training text, one or more.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Paths of the validation text, one or more.</summary>
    public required IReadOnlyList<string> Validation { get; init; }

    /// <summary>The model repository's folder.</summary>
    public required string Repository { get; init; }

    /// <summary>The model's name in it.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of the checkpoint while training is unfinished.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Whether to go on from the checkpoint in <see cref="WorkFolder"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>Time between two checkpoints.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The command line, for the model card.</summary>
    public required string Command { get; init; }
}
