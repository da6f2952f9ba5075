using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Seq2Seq;

/// <summary>
/// An encoder-decoder, P(next target token | source, target tokens before). The encoder reads the source to its end; the decoder's layers
/// begin with s[0] = tanh(W x + b), x the last states of all layers and directions of the encoder (the cell state of an LSTM begins at zero). At
/// each step the decoder reads the last token's vector e and, in its first layer, a context c (<see cref="ContextKind"/>) for that layer's last
/// state; then r = tanh(Linear([s; c; e])), logits = Linear(r). Dropout is on vectors of tokens, on the outputs of all recurrent layers and on r.
/// </summary>
/// <remarks>
/// Letters: V vocabulary, E embedding, H units of a decoder layer, L its layers, M = directions * units of an encoder layer, A units of the scores,
/// R elements of r: H, or E where the output is tied to the embedding. Parameters: <c>embedding.weight</c> [V,E] of targets and, unless shared,
/// <c>source_embedding.weight</c> [V,E]; <c>encoder.weight_ih_l0</c>, <c>decoder.weight_ih_l0</c> and so on as <c>torch.nn.LSTM</c>; <c>bridge.*</c>
/// [L*H, layers*M]; <c>attention.*</c> (<see cref="Engine.Layers.Attention"/>); <c>decoder.weight_ch_l0</c> [G*H,M]; <c>readout.*</c> [R,H+M+E]; <c>output.*</c> [V,R].
/// </remarks>
public sealed class Seq2SeqModel
{
    readonly Lock _packing = new();
    volatile bool _isPacked;
    WeightType _weightType;

    /// <summary>A model with zero weights; <see cref="Initialize"/> or a checkpoint fills them.</summary>
    /// <param name="settings">the decoder's network, the cell, and whether the encoder is bidirectional</param>
    /// <param name="seq2seq">the rest</param>
    /// <param name="vocabularySize">V, of source and target alike</param>
    public Seq2SeqModel(ModelSettings settings, Seq2SeqSettings seq2seq, int vocabularySize)
    {
        (Settings, Seq2Seq) = (settings, seq2seq);
        int embedding = settings.EmbeddingSize;
        Embedding = new Embedding(vocabularySize, embedding, Parameters);
        SourceEmbedding = seq2seq.ShareEmbeddings ? Embedding : new Embedding(vocabularySize, embedding, Parameters, "source_embedding.weight");
        Encoder = new RecurrentStack(EncoderOptions(settings, seq2seq), embedding, Parameters, "encoder.");
        Bridge = new Linear(seq2seq.EncoderLayers * Encoder.OutputSize, settings.Layers * settings.HiddenSize, Parameters, "bridge");
        Decoder = new RecurrentStack(DecoderOptions(settings), embedding, Parameters, "decoder.");
        if (KindOf(seq2seq.Context) is { } kind)
        {
            var attention = new Attention(kind, settings.HiddenSize, Encoder.OutputSize, seq2seq.AttentionSize, Parameters);
            Context = new ContextInput(attention, Decoder.Layers[0], Parameters);
        }
        int contextSize = Context is null ? 0 : Encoder.OutputSize;
        Readout = new Linear(settings.HiddenSize + contextSize + embedding, ReadoutSize(settings), Parameters, "readout");
        Output = new Linear(Readout.OutputSize, vocabularySize, Parameters, "output", settings.TieEmbeddings ? Embedding.Weight : null);
    }

    /// <summary>The decoder's network, the cell, and whether the encoder is bidirectional.</summary>
    public ModelSettings Settings { get; }

    /// <summary>The rest of the architecture.</summary>
    public Seq2SeqSettings Seq2Seq { get; }

    /// <summary>V.</summary>
    public int VocabularySize => Embedding.VocabularySize;

    /// <summary>All weights under their checkpoint names. Call <see cref="WeightsChanged"/> after changing values.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>How sessions and <see cref="Seq2SeqPass.Measure"/> keep the weights they multiply by; training always uses those of 32 bits.</summary>
    public WeightType WeightType
    {
        get => _weightType;
        set
        {
            _weightType = value;
            WeightsChanged();
        }
    }

    internal Embedding Embedding { get; }

    internal Embedding SourceEmbedding { get; }

    internal RecurrentStack Encoder { get; }

    internal Linear Bridge { get; }

    internal RecurrentStack Decoder { get; }

    /// <summary>Null where only the initial state knows of the source.</summary>
    internal ContextInput? Context { get; }

    internal Linear Readout { get; }

    internal Linear Output { get; }

    /// <summary>The most steps of a source: its tokens and the end.</summary>
    internal int MostSourceSteps => Seq2Seq.MaxLength + 1;

    /// <summary>Number of weights, all parameters together; sizes may be any, nothing is made.</summary>
    public static Int128 WeightCount(ModelSettings settings, Seq2SeqSettings seq2seq, int vocabularySize)
    {
        Int128 vocabulary = vocabularySize, embedding = settings.EmbeddingSize, hidden = settings.HiddenSize, readout = ReadoutSize(settings);
        RecurrentOptions encoder = EncoderOptions(settings, seq2seq), decoder = DecoderOptions(settings);
        int directions = encoder.Bidirectional ? 2 : 1;
        Int128 memory = directions * (Int128)encoder.HiddenSize;
        Int128 count = (seq2seq.ShareEmbeddings ? 1 : 2) * vocabulary * embedding;
        count += directions * Stack(encoder, memory) + Stack(decoder, hidden);
        count += settings.Layers * hidden * (seq2seq.EncoderLayers * memory + 1);
        Int128 joined = hidden + embedding;
        if (KindOf(seq2seq.Context) is { } kind)
        {
            Int128 gates = RecurrentLayer.WeightCount(decoder, 1) - RecurrentLayer.WeightCount(decoder, 0);
            count += gates * memory + Attention.WeightCount(kind, settings.HiddenSize, checked((int)memory), seq2seq.AttentionSize);
            joined += memory;
        }
        return count + readout * (joined + 1) + vocabulary * (settings.TieEmbeddings ? 1 : readout + 1);

        Int128 Stack(RecurrentOptions options, Int128 output) =>
            RecurrentLayer.WeightCount(options, settings.EmbeddingSize) + (options.Layers - 1) * RecurrentLayer.WeightCount(options, checked((int)output));
    }

    /// <summary>Random initial weights, drawn by <see cref="WeightInitializer"/> as the settings say.</summary>
    /// <param name="seed">the same seed gives the same weights</param>
    public void Initialize(int seed)
    {
        var initializer = new WeightInitializer(seed, Settings.InitRange) { Recurrent = Settings.Initialization, ForgetBias = Settings.ForgetBias };
        RecurrentLayer[] layers = [.. Encoder.Layers, .. Decoder.Layers];
        foreach (var layer in layers)
            initializer.Fill(layer);
        Parameter[] spread = [Embedding.Weight, SourceEmbedding.Weight, Output.Weight, Output.Bias];
        foreach (var parameter in spread.Distinct())
            initializer.Fill(parameter);
        foreach (var parameter in Parameters.Except(spread).Except(layers.SelectMany(layer => layer.Parameters)))
            initializer.FillByInputs(parameter);
        WeightsChanged();
    }

    /// <summary>Says that values of <see cref="Parameters"/> were changed, so that passes run and sessions made later use the new ones.</summary>
    public void WeightsChanged() => _isPacked = false;

    /// <summary>A new decoder. Neither the weights nor <see cref="WeightType"/> may change while it is in use.</summary>
    /// <param name="rows">the most hypotheses of a step, and the most sources read together</param>
    public DecoderSession CreateSession(int rows)
    {
        Pack(forTraining: false);
        return new DecoderSession(this, rows);
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
            Encoder.Pack(forTraining, weights);
            Bridge.Pack(weights);
            Decoder.Pack(forTraining, weights);
            Context?.Pack(forTraining, weights);
            Readout.Pack(weights);
            Output.Pack(weights);
            _isPacked = weights == _weightType;
        }
    }

    static AttentionKind? KindOf(ContextKind context) => context switch
    {
        ContextKind.LastState => null,
        ContextKind.Summary => AttentionKind.Mean,
        ContextKind.Dot => AttentionKind.Dot,
        _ => AttentionKind.Additive,
    };

    static RecurrentOptions EncoderOptions(ModelSettings settings, Seq2SeqSettings seq2seq) => settings.Recurrent() with
    {
        HiddenSize = seq2seq.EncoderHiddenSize,
        Layers = seq2seq.EncoderLayers,
        Residual = settings.Residual && seq2seq.EncoderLayers > 1,
    };

    static RecurrentOptions DecoderOptions(ModelSettings settings) => settings.Recurrent() with { Bidirectional = false };

    static int ReadoutSize(ModelSettings settings) => settings.TieEmbeddings ? settings.EmbeddingSize : settings.HiddenSize;
}
