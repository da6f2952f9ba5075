namespace RnnService.Models.Text;

/// <summary>Turns text into token ids and back. Immutable after construction: safe to share between threads.</summary>
public interface ITokenizer
{
    /// <summary>The tokens and their ids.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>The tokens of a text with their places in it; no bos or eos is added.</summary>
    IReadOnlyList<Token> Tokenize(string text);

    /// <summary>The ids of a text's tokens; unknown tokens become <see cref="Vocabulary.UnknownId"/>; no bos or eos is added.</summary>
    int[] Encode(string text);

    /// <summary>The form a token is shown in, for example <c>Boston</c> for <c>boston</c> where case was folded.</summary>
    string Display(int tokenId);

    /// <summary>
    /// What to write for <paramref name="tokenId"/> after <paramref name="previousIds"/> (empty at the start; the last few are enough), the
    /// blank between two words included: <c>" students"</c>, <c>","</c>. Special tokens give an empty string, and so does a part of a
    /// character until the last one completes it.
    /// </summary>
    string DecodeNext(ReadOnlySpan<int> previousIds, int tokenId);

    /// <summary>Text of a sequence of ids: the concatenation of <see cref="DecodeNext"/>.</summary>
    string Decode(ReadOnlySpan<int> tokenIds);
}
