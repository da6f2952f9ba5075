using RnnService.Models.Seq2Seq;

namespace RnnService.Training.Recipes;

/// <summary>The fields of the <c>model</c> and <c>training</c> sections that only encoder-decoders have.</summary>
/// <param name="Model">the encoder, and what the decoder knows of it</param>
/// <param name="LabelSmoothing">ε of the smoothed targets, 0 (inclusive) to 1 (exclusive)</param>
public sealed record Seq2SeqRecipe(Seq2SeqSettings Model, double LabelSmoothing);
