using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Packages;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tasks;

/// <summary>
/// Next-token prediction by truncated backpropagation through time: columns of running text are read window by window, their state
/// carried along.
/// </summary>
public sealed class LanguageModelTask : TrainingTask
{
    readonly TrainingSettings _settings;
    readonly ITokenizer _tokenizer;
    readonly Corpus _trainingCorpus, _validationCorpus;
    readonly TokenLines _training;
    readonly BpttBatches _validation;
    readonly LanguageModelPass _pass;
    readonly int[] _inputs, _targets;   // [T,B]
    readonly NgramMixture? _ngrams;
    BpttBatches _batches;

    /// <summary>Learns the vocabulary, encodes the text and initialises the model.</summary>
    /// <exception cref="CorpusException">a text has nothing to predict</exception>
    public LanguageModelTask(Recipe recipe, Corpus training, Corpus validation)
    {
        _settings = recipe.Training;
        _tokenizer = TokenizerTrainer.Train(recipe.Tokenizer, training.Lines);
        (_trainingCorpus, _validationCorpus) = (training, validation);
        _training = training.Encode(_tokenizer);
        if (recipe.Ngrams is { } settings)
            _ngrams = new NgramMixture(NgramCounter.Count(_training.Stream.Span, Vocabulary.EosId, _tokenizer.Vocabulary.Count, settings), settings);
        _validation = BatchesOf(validation.Encode(_tokenizer).Stream);
        _batches = BatchesOf(_training.Stream);
        Model = new LanguageModel(recipe.Model, _tokenizer.Vocabulary.Count);
        Model.Initialize(_settings.Seed);
        _pass = new LanguageModelPass(Model, _settings.BpttWindow, _settings.BatchSize);
        _inputs = new int[_settings.BpttWindow * _settings.BatchSize];
        _targets = new int[_inputs.Length];
        Size = new TrainingSize(Model.VocabularySize, _batches.PredictionCount, _validation.PredictionCount, _batches.WindowCount);
    }

    /// <summary>The model in training.</summary>
    public LanguageModel Model { get; }

    /// <inheritdoc/>
    public override ParameterSet Parameters => Model.Parameters;

    /// <summary>The recurrent state at the end of the last window.</summary>
    public override IReadOnlyList<Parameter> Carried => _pass.State;

    /// <inheritdoc/>
    public override TrainingSize Size { get; }

    /// <inheritdoc/>
    public override void WeightsChanged() => Model.WeightsChanged();

    /// <inheritdoc/>
    public override void BeginEpoch(int epoch, ulong orderSeed)
    {
        if (_settings.Order == TextOrder.ShuffledLines)
            _batches = BatchesOf(_training.ShuffledStream(orderSeed));
    }

    /// <inheritdoc/>
    public override StepSum Train(int batch, ulong dropoutSeed)
    {
        if (batch == 0)
            _pass.ResetState();
        int timeSteps = _batches.Fill(batch, _inputs, _targets);
        int count = timeSteps * _batches.BatchSize;
        var loss = _pass.Train(_inputs.AsSpan(0, count), _targets.AsSpan(0, count), timeSteps, dropoutSeed);
        return new StepSum(loss, loss.Tokens);
    }

    /// <inheritdoc/>
    public override ValidationScore Validate() => new(Perplexity.Measure(_pass, _validation).Mean);

    /// <inheritdoc/>
    public override EvaluationResult Evaluate() => Evaluator.Evaluate(Model, _tokenizer, _validationCorpus, _trainingCorpus, compareInt8: true, _ngrams);

    /// <inheritdoc/>
    public override void WritePackage(string folder, ModelManifest manifest, StorageType storage, string card) =>
        LanguageModelPackage.Write(folder, manifest, _tokenizer, Model, storage, card, _ngrams);

    BpttBatches BatchesOf(ReadOnlyMemory<int> stream) => new(stream, _settings.BatchSize, _settings.BpttWindow);
}
