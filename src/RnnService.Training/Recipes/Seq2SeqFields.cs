using RnnService.Models.LanguageModels;
using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;

namespace RnnService.Training.Recipes;

/// <summary>Reads what the recipe of an encoder-decoder has more than that of a language model.</summary>
static class Seq2SeqFields
{
    static readonly NumberRange Units = new(1, 16_384);

    /// <summary>The fields of the <c>model</c> and <c>training</c> sections.</summary>
    /// <param name="model">the section</param>
    /// <param name="training">the section</param>
    /// <param name="decoder">what was read of the first; the encoder is like it where the recipe does not say</param>
    public static Seq2SeqRecipe Read(RecipeSection model, RecipeSection training, ModelSettings decoder)
    {
        var usual = new Seq2SeqSettings();
        int encoderUnits = decoder.Bidirectional ? Math.Max(1, decoder.HiddenSize / 2) : decoder.HiddenSize;
        var settings = new Seq2SeqSettings
        {
            Context = model.Choice("context", "additive",
                ("last-state", ContextKind.LastState), ("summary", ContextKind.Summary), ("additive", ContextKind.Additive), ("dot", ContextKind.Dot)),
            AttentionSize = model.Integer("attentionSize", usual.AttentionSize, Units),
            EncoderHiddenSize = model.Integer("encoderHiddenSize", encoderUnits, Units),
            EncoderLayers = model.Integer("encoderLayers", decoder.Layers, new NumberRange(1, 16)),
            MaxLength = model.Integer("maxLength", usual.MaxLength, new NumberRange(2, Seq2SeqPackage.LongestText)),
            ShareEmbeddings = model.Flag("shareEmbeddings", usual.ShareEmbeddings),
            WholeSentences = model.Flag("wholeSentences", usual.WholeSentences),
        };
        if (settings.Context != ContextKind.Additive)
            model.Forbid("attentionSize", "model.context is not \"additive\", whose scores alone have a hidden layer");
        return new Seq2SeqRecipe(settings, training.Number("labelSmoothing", 0, NumberRange.Fraction));
    }
}
