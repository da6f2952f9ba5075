namespace RnnService.Models.Seq2Seq;

/// <summary>A source text with the target text to be written for it.</summary>
/// <param name="Source">token ids, without begin and end</param>
/// <param name="Target">token ids, without begin and end</param>
public sealed record Seq2SeqExample(int[] Source, int[] Target);
