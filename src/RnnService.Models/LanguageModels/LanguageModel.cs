using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.LanguageModels;

/// <summary>Embedding, stacked recurrent layers and a softmax over the vocabulary: P(next token | all before).</summary>
/// <remarks>
/// Parameters: <c>embedding.weight</c> [V,E]; <c>rnn.weight_ih_l0</c> [G*H,E] and so on as <c>torch.nn.LSTM</c>; with tied embeddings and
/// H ≠ E <c>projection.weight</c> [E,H], <c>projection.bias</c> [E]; without tying <c>output.weight</c> [V,H]; <c>output.bias</c> [V].
/// </remarks>
public sealed class LanguageModel
{
    readonly Lock _packing = new();
    volatile bool _isPacked;
    WeightType _weightType;

    /// <summary>A model with zero weights; <see cref="Initialize"/> or a checkpoint fills them.</summary>
    /// <param name="settings">the architecture</param>
    /// <param name="vocabularySize">V</param>
    /// <exception cref="NotSupportedException">a bidirectional model</exception>
    public LanguageModel(ModelSettings settings, int vocabularySize)
    {
        if (settings.Bidirectional)
            throw new NotSupportedException("bidirectional: a language model cannot read the words it predicts; expected false.");
        Settings = settings;
        Embedding = new Embedding(vocabularySize, settings.EmbeddingSize, Parameters);
        Recurrent = new RecurrentStack(settings.Recurrent(), settings.EmbeddingSize, Parameters);
        bool projected = settings.TieEmbeddings && settings.HiddenSize != settings.EmbeddingSize;
        Projection = projected ? new Linear(settings.HiddenSize, settings.EmbeddingSize, Parameters, "projection") : null;
        int outputInput = settings.TieEmbeddings ? settings.EmbeddingSize : settings.HiddenSize;
        Output = new Linear(outputInput, vocabularySize, Parameters, "output", settings.TieEmbeddings ? Embedding.Weight : null);
        Chunks = new ChunkPool(this);
    }

    /// <summary>The architecture.</summary>
    public ModelSettings Settings { get; }

    /// <summary>V.</summary>
    public int VocabularySize => Embedding.VocabularySize;

    /// <summary>All weights under their checkpoint names. Call <see cref="WeightsChanged"/> after changing values.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>How readers and evaluations keep the weights they multiply by; training always uses those of 32 bits.</summary>
    public WeightType WeightType
    {
        get => _weightType;
        set
        {
            _weightType = value;
            WeightsChanged();
        }
    }

    /// <summary>Memory to read texts with, shared by all sessions.</summary>
    internal ChunkPool Chunks { get; }

    internal Embedding Embedding { get; }

    internal RecurrentStack Recurrent { get; }

    internal Linear? Projection { get; }

    internal Linear Output { get; }

    /// <summary>Random initial weights: as the settings say, drawn by <see cref="WeightInitializer"/>.</summary>
    /// <param name="seed">the same seed gives the same weights</param>
    public void Initialize(int seed)
    {
        var initializer = new WeightInitializer(seed, Settings.InitRange) { Recurrent = Settings.Initialization, ForgetBias = Settings.ForgetBias };
        initializer.Fill(Embedding.Weight);
        foreach (var layer in Recurrent.Layers)
            initializer.Fill(layer);
        Parameter?[] others = [Projection?.Weight, Projection?.Bias, Settings.TieEmbeddings ? null : Output.Weight, Output.Bias];
        foreach (var parameter in others.OfType<Parameter>())
            initializer.Fill(parameter);
        WeightsChanged();
    }

    /// <summary>Says that values of <see cref="Parameters"/> were changed, so that readers and passes made or run later use the new ones.</summary>
    public void WeightsChanged() => _isPacked = false;

    /// <summary>A new reader in the zero state. Neither the weights nor <see cref="WeightType"/> may change while it is in use.</summary>
    /// <param name="batchSize">B, texts read side by side</param>
    public StepSession CreateSession(int batchSize = 1)
    {
        Pack(forTraining: false);
        return new StepSession(this, batchSize);
    }

    /// <summary>Lays all weights out for the kernels, unless they are already.</summary>
    internal void Pack(bool forTraining)
    {
        if (_isPacked && !forTraining)
            return;
        lock (_packing)
        {
            if (_isPacked && !forTraining)
                return;
            var weights = forTraining ? WeightType.Float32 : _weightType;
            Recurrent.Pack(forTraining, weights);
            Projection?.Pack(weights);
            Output.Pack(weights);
            _isPacked = weights == _weightType;
        }
    }
}
