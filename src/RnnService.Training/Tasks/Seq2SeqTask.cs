using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tasks;

/// <summary>One text from another, translation or reply: the decoder reads the right tokens while it learns (teacher forcing).</summary>
public sealed class Seq2SeqTask : TrainingTask
{
    readonly TrainingSettings _settings;
    readonly PairSettings _data;
    readonly double _labelSmoothing;
    readonly ITokenizer _tokenizer;
    readonly IReadOnlyList<TextPair> _validationPairs;
    readonly EncodedPairs _training, _validation;
    readonly LengthBatches _lengthBatches;
    readonly Seq2SeqPass _pass;
    IReadOnlyList<int[]> _batches = [];

    /// <summary>Reads the pairs, learns one vocabulary of both sides and initialises the model.</summary>
    /// <param name="recipe">of an encoder-decoder</param>
    /// <param name="training">what to learn from</param>
    /// <param name="validation">what to measure on</param>
    /// <exception cref="CorpusException">a file cannot be used</exception>
    public Seq2SeqTask(Recipe recipe, Corpus training, Corpus validation)
    {
        (_settings, _data, _labelSmoothing) = (recipe.Training, (PairSettings)recipe.Data!, recipe.Seq2Seq!.LabelSmoothing);
        var pairs = TextPair.Read(training, _data);
        _validationPairs = TextPair.Read(validation, _data);
        _tokenizer = TokenizerTrainer.Train(recipe.Tokenizer, pairs.SelectMany(pair => new[] { pair.Source, pair.Target }));
        int maxLength = recipe.Seq2Seq.Model.MaxLength;
        _training = EncodedPairs.Of(pairs, _tokenizer, maxLength, training.Files[0].Path);
        _validation = EncodedPairs.Of(_validationPairs, _tokenizer, maxLength, validation.Files[0].Path);
        Model = new Seq2SeqModel(recipe.Model, recipe.Seq2Seq.Model, _tokenizer.Vocabulary.Count);
        Model.Initialize(_settings.Seed);
        _lengthBatches = _training.Batches(_settings.BatchSize);
        _pass = new Seq2SeqPass(
            Model, Math.Max(_training.SourceSteps, _validation.SourceSteps), Math.Max(_training.TargetSteps, _validation.TargetSteps), _settings.BatchSize);
        Size = new TrainingSize(
            Model.VocabularySize, _training.TargetTokens, _validation.TargetTokens, _lengthBatches.Count, _training.LeftOut + _validation.LeftOut);
    }

    /// <summary>The model in training.</summary>
    public Seq2SeqModel Model { get; }

    /// <inheritdoc/>
    public override ParameterSet Parameters => Model.Parameters;

    /// <summary>How much there is to do; the tokens are those of the targets, their ends included.</summary>
    public override TrainingSize Size { get; }

    /// <inheritdoc/>
    public override void WeightsChanged() => Model.WeightsChanged();

    /// <inheritdoc/>
    public override void BeginEpoch(int epoch, ulong orderSeed) => _batches = _lengthBatches.Shuffled(orderSeed);

    /// <inheritdoc/>
    public override StepSum Train(int batch, ulong dropoutSeed)
    {
        var loss = _pass.Train([.. _batches[batch].Select(index => _training.Examples[index])], _labelSmoothing, dropoutSeed);
        return new StepSum(loss, loss.Tokens);
    }

    /// <inheritdoc/>
    public override ValidationScore Validate() => new(Seq2SeqEvaluation.MeasureLoss(_pass, _validation).Mean);

    /// <inheritdoc/>
    public override EvaluationResult Evaluate() => Seq2SeqEvaluation.Measure(_pass, Model, _tokenizer, _validationPairs, _validation, _data);

    /// <inheritdoc/>
    public override void WritePackage(string folder, ModelManifest manifest, StorageType storage, string card)
    {
        var described = manifest with { Languages = [_data.SourceLanguage, _data.TargetLanguage] };
        Seq2SeqPackage.Write(folder, described, _tokenizer, Model, storage, card);
    }
}
