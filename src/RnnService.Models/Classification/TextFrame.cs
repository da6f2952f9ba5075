using RnnService.Models.Text;

namespace RnnService.Models.Classification;

/// <summary>
/// How a text becomes a sequence: its tokens between two eos, as a language model reads lines; an empty text is these two. Of a text that
/// is too long the first quarter of the allowed tokens and the last three are read: opening and, above all, conclusion (as in Sun et al. 2019).
/// </summary>
/// <param name="maxLength">the most tokens read, 2 or more</param>
public sealed class TextFrame(int maxLength)
{
    /// <summary>Steps before the first token.</summary>
    public const int Lead = 1;

    /// <summary>Steps of the frame.</summary>
    public const int Steps = 2;

    /// <summary>The indices of the tokens that are read, ascending.</summary>
    /// <param name="tokenCount">tokens of the text</param>
    public IEnumerable<int> ReadTokens(int tokenCount)
    {
        int head = maxLength / 4;
        return tokenCount <= maxLength
            ? Enumerable.Range(0, tokenCount)
            : Enumerable.Range(0, head).Concat(Enumerable.Range(tokenCount - (maxLength - head), maxLength - head));
    }

    /// <summary>The sequence of a text.</summary>
    /// <param name="tokenIds">all its tokens</param>
    public ClassifierSequence Frame(IReadOnlyList<int> tokenIds)
    {
        int[] framed = [Vocabulary.EosId, .. ReadTokens(tokenIds.Count).Select(index => tokenIds[index]), Vocabulary.EosId];
        return new ClassifierSequence(framed.Length) { TokenIds = framed };
    }

    /// <summary>The sequence of words whose characters are read too; all of them, as each has its label.</summary>
    /// <param name="words">as written</param>
    /// <param name="tokenIds">one for each</param>
    public static ClassifierSequence FrameAll(IReadOnlyList<string> words, IReadOnlyList<int> tokenIds) => new(words.Count + Steps)
    {
        TokenIds = [Vocabulary.EosId, .. tokenIds, Vocabulary.EosId],
        Words = ["", .. words, ""],
    };
}
