namespace RnnService.Models.Ngrams;

/// <summary>The n-grams of one length: nodes of a tree whose paths from the root are n-grams, sorted by path.</summary>
/// <param name="Tokens">the last token of each; ascending among those of a parent</param>
/// <param name="Counts">how often each occurs</param>
/// <param name="FirstChildren">where in the next level the ones that begin with each are, and at the end that level's size; empty for the longest</param>
sealed record NgramLevel(int[] Tokens, int[] Counts, int[] FirstChildren);
