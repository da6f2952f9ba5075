using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;
using RnnService.Models.BagsOfWords;
using RnnService.Models.Checkpoints;
using RnnService.Models.Classification;
using RnnService.Models.Packages;
using RnnService.Models.Text;
using RnnService.Training.BagsOfWords;
using RnnService.Training.Baselines;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tasks;

/// <summary>Classification of texts, of the words of texts, or of series: batches of sequences of similar lengths.</summary>
public sealed class ClassifierTask : TrainingTask
{
    readonly TrainingSettings _settings;
    readonly PretrainedEncoder? _encoder;
    readonly Teacher? _teacher;
    readonly ClassifierRows _trainingRows, _validationRows;
    readonly LabelSet _labels;
    readonly ITokenizer? _tokenizer;
    readonly ClassifierExample[] _training, _validation;
    readonly LengthBatches _lengthBatches;
    readonly ClassifierPass _pass;
    readonly ClassificationLoss _loss;
    readonly Lazy<BagMixture?> _bag;   // takes a while, and is the same whatever the network learns
    IReadOnlyList<int[]> _batches = [];

    /// <summary>Reads the rows, learns labels and vocabulary and initialises the model.</summary>
    /// <param name="recipe">of a task of classification</param>
    /// <param name="training">what to learn from</param>
    /// <param name="validation">what to measure on</param>
    /// <param name="encoder">the model to start from, or null</param>
    /// <param name="teacher">the model to learn from beside the labels, or null</param>
    /// <param name="progress">told how far the teacher is with its answers, or null</param>
    /// <exception cref="CorpusException">a file cannot be used</exception>
    /// <exception cref="TrainingException">the encoder or the teacher does not fit</exception>
    public ClassifierTask(
        Recipe recipe, Corpus training, Corpus validation, PretrainedEncoder? encoder = null, Teacher? teacher = null,
        IProgress<TrainingEvent>? progress = null)
    {
        (_settings, _encoder, _teacher) = (recipe.Training, encoder, teacher);
        var classifier = recipe.Classifier!;
        _trainingRows = ClassifierRows.Read(recipe.Data!, training);
        _validationRows = ClassifierRows.Read(recipe.Data!, validation);
        _labels = LabelSet.Of(_trainingRows.Labels);
        _tokenizer = recipe.Task == ModelTask.SeriesClassifier
            ? null
            : encoder?.Tokenizer ?? TokenizerTrainer.Train(recipe.Tokenizer, _trainingRows.Texts);
        var settings = _trainingRows.Learn(classifier.Model);
        _training = _trainingRows.Encode(_labels, _tokenizer, settings);
        if (teacher is not null)
        {
            var answers = teacher.Answer(_trainingRows.Texts, _labels, progress);
            _training = [.. _training.Zip(answers, (example, answer) => example with { SoftTargets = answer })];
        }
        _validation = _validationRows.Encode(_labels, _tokenizer, settings);
        int vocabularySize = _tokenizer?.Vocabulary.Count ?? 0;
        Model = new ClassifierModel(recipe.Model, settings, vocabularySize, _labels.Count);
        Model.Initialize(_settings.Seed);
        encoder?.CopyTo(Model);
        _loss = new ClassificationLoss(_labels.Count, classifier.LabelSmoothing, classifier.BalancesClasses ? BalancedWeights() : [], teacher?.Share ?? 0);
        _lengthBatches = new LengthBatches([.. _training.Select(example => example.Sequence.Length)], _settings.BatchSize);
        _pass = new ClassifierPass(Model, _training.Concat(_validation).Max(example => example.Sequence.Length), _settings.BatchSize);
        _bag = new(() => recipe.BagOfWords is { } bag
            ? new BagMixture(BagTrainer.Train(_labels, _trainingRows.Texts, _trainingRows.Labels, bag), bag)
            : null);
        Size = new TrainingSize(vocabularySize, Steps(_training), Steps(_validation), _lengthBatches.Count);
    }

    /// <summary>The model in training.</summary>
    public ClassifierModel Model { get; }

    /// <inheritdoc/>
    public override ParameterSet Parameters => Model.Parameters;

    /// <inheritdoc/>
    public override string? InitialWeightsSha256 => _encoder?.Sha256;

    /// <inheritdoc/>
    public override string? TeacherSha256 => _teacher?.Sha256;

    /// <inheritdoc/>
    public override bool PredictsTokens => false;

    /// <inheritdoc/>
    public override TrainingSize Size { get; }

    /// <inheritdoc/>
    public override void WeightsChanged() => Model.WeightsChanged();

    /// <inheritdoc/>
    public override void BeginEpoch(int epoch, ulong orderSeed)
    {
        _batches = _lengthBatches.Shuffled(orderSeed);
        _encoder?.FreezeFor(epoch);
    }

    /// <inheritdoc/>
    public override StepSum Train(int batch, ulong dropoutSeed)
    {
        ClassifierExample[] rows = [.. _batches[batch].Select(index => _training[index])];
        return new StepSum(_pass.Train(rows, _loss, dropoutSeed), Steps(rows));
    }

    /// <summary>Measures the network alone: what stands beside it does not depend on its weights.</summary>
    public override ValidationScore Validate()
    {
        var result = ClassifierEvaluation.Measure(_pass, _labels.Names, _validation);
        return new ValidationScore(result.Loss, result.Matrix.Accuracy);
    }

    /// <inheritdoc/>
    public override EvaluationResult Evaluate() =>
        ClassifierEvaluation.Measure(_pass, _labels.Names, _validation, _bag.Value, _validationRows) with
        {
            Baselines = ClassifierBaselines.Measure(_labels, _trainingRows, _validationRows),
        };

    /// <inheritdoc/>
    public override void WritePackage(string folder, ModelManifest manifest, StorageType storage, string card) =>
        ClassifierPackage.Write(folder, manifest, _labels.Names, _tokenizer, Model, storage, card, _bag.Value);

    static long Steps(IEnumerable<ClassifierExample> examples) => examples.Sum(example => (long)example.Sequence.Length);

    float[] BalancedWeights()
    {
        int[] counts = new int[_labels.Count];
        foreach (int label in _training.SelectMany(example => example.Labels))
            counts[label]++;
        return ClassWeights.Balanced(counts);
    }
}
