using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Seq2Seq;

/// <summary>An encoder-decoder: P(next target token | source, target tokens before).</summary>
public sealed class Seq2SeqModel
{
    /// <summary>A model with zero weights; <see cref="Initialize"/> or a checkpoint fills them.</summary>
    /// <param name="settings">the decoder's network, the cell, and whether the encoder is bidirectional</param>
    /// <param name="seq2seq">the rest</param>
    /// <param name="vocabularySize">V, of source and target alike</param>
    public Seq2SeqModel(ModelSettings settings, Seq2SeqSettings seq2seq, int vocabularySize)
    {
        (Settings, Seq2Seq, VocabularySize) = (settings, seq2seq, vocabularySize);
    }

    /// <summary>The decoder's network, the cell, and whether the encoder is bidirectional.</summary>
    public ModelSettings Settings { get; }

    /// <summary>The rest of the architecture.</summary>
    public Seq2SeqSettings Seq2Seq { get; }

    /// <summary>V.</summary>
    public int VocabularySize { get; }

    /// <summary>All weights under their checkpoint names. Call <see cref="WeightsChanged"/> after changing values.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>How sessions and <see cref="Seq2SeqPass.Measure"/> keep the weights they multiply by; training always uses those of 32 bits.</summary>
    public WeightType WeightType { get; set; }

    /// <summary>Number of weights, all parameters together; sizes may be any, nothing is made.</summary>
    public static Int128 WeightCount(ModelSettings settings, Seq2SeqSettings seq2seq, int vocabularySize) => throw new NotImplementedException();

    /// <summary>Random initial weights, drawn by <see cref="Engine.Layers.WeightInitializer"/> as the settings say.</summary>
    /// <param name="seed">the same seed gives the same weights</param>
    public void Initialize(int seed) => throw new NotImplementedException();

    /// <summary>Says that values of <see cref="Parameters"/> were changed, so that passes run and sessions made later use the new ones.</summary>
    public void WeightsChanged() => throw new NotImplementedException();

    /// <summary>A new decoder. Neither the weights nor <see cref="WeightType"/> may change while it is in use.</summary>
    /// <param name="rows">the most hypotheses of a step, and the most sources read together</param>
    public DecoderSession CreateSession(int rows) => new(this, rows);
}
