namespace RnnService.Training.Recipes;

/// <summary>The update rules a recipe can name.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, with momentum if asked for.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba 2015).</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW,
}

/// <summary>The <c>training.optimizer</c> section of a recipe.</summary>
public sealed record OptimizerSettings
{
    /// <summary>The update rule.</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Adam;

    /// <summary>The learning rate the schedule's factor multiplies.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Momentum of <see cref="OptimizerKind.Sgd"/>, 0 (inclusive) to 1 (exclusive).</summary>
    public double Momentum { get; init; }

    /// <summary>Decay of Adam's mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of Adam's mean of squared gradients.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Keeps Adam's division finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight decay of <see cref="OptimizerKind.Sgd"/> and <see cref="OptimizerKind.AdamW"/>.</summary>
    public double WeightDecay { get; init; }
}
