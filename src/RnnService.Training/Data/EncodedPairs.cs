using RnnService.Models.Seq2Seq;
using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>Pairs of texts as a model reads them. Those with a side that is too long are left out: cut, they would teach to stop too early.</summary>
public sealed class EncodedPairs
{
    EncodedPairs(Seq2SeqExample[] examples, int leftOut) => (Examples, LeftOut) = (examples, leftOut);

    /// <summary>The pairs within the length, in the order of the rows.</summary>
    public IReadOnlyList<Seq2SeqExample> Examples { get; }

    /// <summary>Number of pairs left out.</summary>
    public int LeftOut { get; }

    /// <summary>The most steps of a source, its end included.</summary>
    public int SourceSteps => 1 + Examples.Max(example => example.Source.Length);

    /// <summary>The most steps of a target, its end included.</summary>
    public int TargetSteps => 1 + Examples.Max(example => example.Target.Length);

    /// <summary>Tokens to write in all, the ends included.</summary>
    public long TargetTokens => Examples.Sum(example => example.Target.Length + 1L);

    /// <summary>Encodes rows.</summary>
    /// <param name="pairs">the rows</param>
    /// <param name="tokenizer">of both sides</param>
    /// <param name="maxLength">the most tokens of a side, its end not counted</param>
    /// <param name="path">the file to name when no pair is left</param>
    /// <exception cref="CorpusException">every pair is too long</exception>
    public static EncodedPairs Of(IReadOnlyList<TextPair> pairs, ITokenizer tokenizer, int maxLength, string path)
    {
        Seq2SeqExample[] examples =
        [
            .. pairs.Select(pair => new Seq2SeqExample(tokenizer.Encode(pair.Source), tokenizer.Encode(pair.Target)))
                .Where(example => Math.Max(example.Source.Length, example.Target.Length) <= maxLength),
        ];
        return examples.Length > 0
            ? new EncodedPairs(examples, pairs.Count - examples.Length)
            : throw new CorpusException($"{path}: each of the {pairs.Count} pairs has a side of more than {maxLength} tokens, model.maxLength; expected shorter texts or a larger maxLength.");
    }

    /// <summary>Batches of targets of similar lengths and, among these, of sources of similar lengths.</summary>
    public LengthBatches Batches(int batchSize)
    {
        int sources = SourceSteps;
        return new LengthBatches([.. Examples.Select(example => example.Target.Length * sources + example.Source.Length)], batchSize);
    }
}
