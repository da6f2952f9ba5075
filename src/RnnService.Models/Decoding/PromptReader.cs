using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Decoding;

/// <summary>
/// Frames a text as models saw it in training. A model over words or pieces of words reads the border between sentences, then the text's
/// tokens, and the border again at each line break; pieces bring the blank before them, so that one at the end of a line is left to what
/// follows. A character model reads the text as it is, and an empty one as a line break.
/// </summary>
static class PromptReader
{
    // Long prompts are read in pieces, so that a caller who leaves is noticed between them.
    const int PieceLength = 256;

    /// <summary>The ids to read for a prompt; never empty.</summary>
    internal static int[] Encode(ITokenizer tokenizer, string prompt)
    {
        if (tokenizer is CharTokenizer)
            return tokenizer.Encode(prompt.Length == 0 ? "\n" : prompt);
        List<int> ids = [Vocabulary.EosId];
        foreach (var line in prompt.AsSpan().EnumerateLines())
        {
            if (ids[^1] != Vocabulary.EosId)
                ids.Add(Vocabulary.EosId);
            ids.AddRange(tokenizer.Encode((tokenizer is BytePairTokenizer ? line.TrimEnd(' ') : line).ToString()));
        }
        return [.. ids];
    }

    /// <summary>A session that has read these ids from the zero state.</summary>
    /// <exception cref="OperationCanceledException">the caller left</exception>
    internal static StepSession Read(LanguageModel model, ReadOnlySpan<int> tokenIds, CancellationToken cancellationToken)
    {
        var session = model.CreateSession();
        while (!tokenIds.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(PieceLength, tokenIds.Length);
            session.Feed(tokenIds[..length]);
            tokenIds = tokenIds[length..];
        }
        return session;
    }
}
