using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;
using RnnService.Training.Evaluation;

namespace RnnService.Training.Tasks;

/// <summary>
/// What a training is about: weights, the batches they learn from, how good they are and how they are stored. A task knows nothing of
/// learning rates, epochs and checkpoints; a <see cref="Trainer"/> knows nothing of texts and networks. What a task does is a function of
/// its data and the seeds it is given, so that a resumed training repeats it.
/// </summary>
public abstract class TrainingTask
{
    /// <summary>The trained weights.</summary>
    public abstract ParameterSet Parameters { get; }

    /// <summary>What goes over from one step to the next beside the weights, to save with a training and restore; none by default.</summary>
    public virtual IReadOnlyList<Parameter> Carried => [];

    /// <summary>SHA-256 of the weights of another model the training starts from; null where it starts from random ones.</summary>
    public virtual string? InitialWeightsSha256 => null;

    /// <summary>SHA-256 of the weights of another model the training learns from; null where there is none.</summary>
    public virtual string? TeacherSha256 => null;

    /// <summary>Whether its predictions are tokens, so that e to the loss is a perplexity.</summary>
    public virtual bool PredictsTokens => true;

    /// <summary>How much there is to do.</summary>
    public abstract TrainingSize Size { get; }

    /// <summary>Says that values of <see cref="Parameters"/> were changed.</summary>
    public abstract void WeightsChanged();

    /// <summary>Makes the batches of an epoch ready; its first step, or in a resumed training a later one, follows.</summary>
    /// <param name="epoch">from 1</param>
    /// <param name="orderSeed">chooses the order of the epoch</param>
    public abstract void BeginEpoch(int epoch, ulong orderSeed);

    /// <summary>One step: adds to the gradients of <see cref="Parameters"/> those of the mean loss of a batch.</summary>
    /// <param name="batch">of the epoch, from 0 to the size's steps per epoch - 1, in this order</param>
    /// <param name="dropoutSeed">chooses what is dropped</param>
    public abstract StepSum Train(int batch, ulong dropoutSeed);

    /// <summary>Measures the weights on the validation data as early stopping needs it: fast.</summary>
    public abstract ValidationScore Validate();

    /// <summary>Measures the weights on the validation data as the model card tells it.</summary>
    public abstract EvaluationResult Evaluate();

    /// <summary>Writes the files of a version of the model.</summary>
    /// <param name="folder">an existing folder</param>
    /// <param name="manifest">metrics, recipe and origin; what describes the model is filled in</param>
    /// <param name="storage">how the weights are stored</param>
    /// <param name="card">the model card, Markdown</param>
    public abstract void WritePackage(string folder, ModelManifest manifest, StorageType storage, string card);
}

/// <summary>The extent of a training.</summary>
/// <param name="VocabularySize">V; 0 for a task without text</param>
/// <param name="TrainingTokens">tokens, or time steps of a task without text, read in one epoch</param>
/// <param name="ValidationTokens">those read in one validation</param>
/// <param name="StepsPerEpoch">batches of an epoch</param>
/// <param name="LeftOut">rows of training and validation data that are too long for the model and were left out</param>
public readonly record struct TrainingSize(int VocabularySize, long TrainingTokens, long ValidationTokens, int StepsPerEpoch, int LeftOut = 0);

/// <summary>What one or more training steps gave.</summary>
/// <param name="Loss">summed over what was predicted</param>
/// <param name="Tokens">tokens, or time steps of a task without text, that were read; padding is not counted</param>
public readonly record struct StepSum(LossSum Loss, long Tokens)
{
    /// <summary>Both sums.</summary>
    public static StepSum operator +(StepSum left, StepSum right) => new(left.Loss + right.Loss, left.Tokens + right.Tokens);

    /// <inheritdoc cref="op_Addition"/>
    public static StepSum Add(StepSum left, StepSum right) => left + right;
}

/// <summary>What early stopping compares.</summary>
/// <param name="Loss">mean over what was predicted, nats</param>
/// <param name="Accuracy">fraction of right answers of a task that has one, else null</param>
public readonly record struct ValidationScore(double Loss, double? Accuracy = null);
