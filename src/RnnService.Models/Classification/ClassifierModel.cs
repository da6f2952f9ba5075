using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Classification;

/// <summary>
/// Recurrent layers over a text or a series, and a softmax over K labels: one label for the sequence, whose steps are pooled, or one for
/// each step. D is the number of directions, O = D*H the size of an output, I that of an input.
/// </summary>
/// <remarks>
/// Parameters: <c>embedding.weight</c> [V,E] for text, <c>characters.*</c> (<see cref="CharacterEncoder"/>); <c>rnn.weight_ih_l0</c>
/// [G*H,I] and so on as <c>torch.nn.LSTM</c>; <c>attention.*</c> (<see cref="AttentionPooling"/>); <c>output.weight</c> [K,O], <c>output.bias</c> [K].
/// </remarks>
public sealed class ClassifierModel
{
    readonly Lock _packing = new();
    volatile bool _isPacked, _isPackedForTraining;

    /// <summary>A model with zero weights; <see cref="Initialize"/> or a checkpoint fills them.</summary>
    /// <param name="settings">the recurrent network; its embedding size is F for a series</param>
    /// <param name="classifier">what is around it</param>
    /// <param name="vocabularySize">V; not used for a series</param>
    /// <param name="labelCount">K</param>
    public ClassifierModel(ModelSettings settings, ClassifierSettings classifier, int vocabularySize, int labelCount)
    {
        (Settings, Classifier) = (settings, classifier);
        Embedding = classifier.Series is null ? new Embedding(vocabularySize, settings.EmbeddingSize, Parameters) : null;
        Characters = classifier.Characters is { } characters ? new CharacterEncoder(characters, Parameters) : null;
        InputSize = settings.EmbeddingSize + (Characters?.OutputSize ?? 0);
        Recurrent = new RecurrentStack(settings.Recurrent(), InputSize, Parameters);
        switch (classifier.Pooling)
        {
            case PoolingKind.Attention:
                Attention = new AttentionPooling(Recurrent.OutputSize, Parameters);
                break;
            case { } kind:
                Pooling = new SequencePooling(kind, Recurrent.Options);
                break;
        }
        Output = new Linear(Recurrent.OutputSize, labelCount, Parameters, "output");
    }

    /// <summary>The recurrent network.</summary>
    public ModelSettings Settings { get; }

    /// <summary>What is around it.</summary>
    public ClassifierSettings Classifier { get; }

    /// <summary>K.</summary>
    public int LabelCount => Output.OutputSize;

    /// <summary>All weights under their checkpoint names. Call <see cref="WeightsChanged"/> after changing values.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>I.</summary>
    internal int InputSize { get; }

    internal Embedding? Embedding { get; }

    internal CharacterEncoder? Characters { get; }

    internal RecurrentStack Recurrent { get; }

    internal SequencePooling? Pooling { get; }

    internal AttentionPooling? Attention { get; }

    internal Linear Output { get; }

    /// <summary>Whether the whole sequence has one label.</summary>
    internal bool IsPooled => Classifier.Pooling is not null;

    /// <summary>Whether a weight of what makes the inputs is trained.</summary>
    internal bool TrainsInputs => Embedding is { Weight.IsFrozen: false } || Characters is { Embedding.Weight.IsFrozen: false };

    /// <summary>Whether a weight below the pooling is trained.</summary>
    internal bool TrainsEncoder => TrainsInputs || Recurrent.Layers.Any(layer => !layer.IsFrozen);

    /// <summary>Number of weights, all parameters together; sizes may be any, nothing is made.</summary>
    public static Int128 WeightCount(ModelSettings settings, ClassifierSettings classifier, int vocabularySize, int labelCount)
    {
        Int128 input = settings.EmbeddingSize, output = Directions(settings.Bidirectional) * (Int128)settings.HiddenSize;
        Int128 count = classifier.Series is null ? (Int128)vocabularySize * settings.EmbeddingSize : 0;
        if (classifier.Characters is { } characters)
        {
            input += 2 * (Int128)characters.HiddenSize;
            count += ((Int128)characters.Alphabet.Length + 1) * characters.EmbeddingSize
                + 2 * RecurrentLayer.WeightCount(CharacterEncoder.OptionsOf(characters), characters.EmbeddingSize);
        }
        var options = settings.Recurrent();
        count += Directions(settings.Bidirectional)
            * (RecurrentLayer.WeightCount(options, checked((int)input)) + (settings.Layers - 1) * RecurrentLayer.WeightCount(options, checked((int)output)));
        if (classifier.Pooling == PoolingKind.Attention)
            count += output * output + 2 * output;
        return count + labelCount * (output + 1);
    }

    /// <summary>Random initial weights: as the settings say, drawn by <see cref="WeightInitializer"/>.</summary>
    /// <param name="seed">the same seed gives the same weights</param>
    public void Initialize(int seed)
    {
        var initializer = new WeightInitializer(seed, Settings.InitRange) { Recurrent = Settings.Initialization, ForgetBias = Settings.ForgetBias };
        RecurrentLayer[] layers = [.. Recurrent.Layers, .. Characters?.Recurrent.Layers ?? []];
        foreach (var layer in layers)
            initializer.Fill(layer);
        foreach (var parameter in Parameters.Except(layers.SelectMany(layer => layer.Parameters)))
            initializer.Fill(parameter);
        WeightsChanged();
    }

    /// <summary>Says that values of <see cref="Parameters"/> were changed, so that passes run later use the new ones.</summary>
    public void WeightsChanged() => _isPacked = _isPackedForTraining = false;

    /// <summary>Freezes all weights: gradients can then be taken with respect to inputs by any number of threads.</summary>
    internal void Freeze()
    {
        foreach (var parameter in Parameters)
            parameter.IsFrozen = true;
    }

    /// <summary>Lays all weights out for the kernels, unless they are already.</summary>
    /// <param name="forTraining">whether there will be backward passes</param>
    /// <param name="mayNarrow">whether 16 bits will do where they hold the weights; not for what is packed anew at every step</param>
    internal void Pack(bool forTraining, bool mayNarrow = true)
    {
        if (forTraining ? _isPackedForTraining : _isPacked)
            return;
        lock (_packing)
        {
            if (forTraining ? _isPackedForTraining : _isPacked)
                return;
            Characters?.Recurrent.Pack(forTraining, mayNarrow: mayNarrow);
            Recurrent.Pack(forTraining, mayNarrow: mayNarrow);
            Attention?.Pack();
            Output.Pack();
            (_isPacked, _isPackedForTraining) = (true, forTraining);
        }
    }

    static int Directions(bool bidirectional) => bidirectional ? 2 : 1;
}
