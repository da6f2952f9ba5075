namespace RnnService.Models.Text;

/// <summary>
/// Splits text into words as English treebanks do: as <see cref="WordTokenizer"/>, but contractions and possessives are two words
/// (<c>do n't</c>, <c>it 's</c>, <c>can not</c>).
/// </summary>
public static class TreebankWords
{
    static readonly string[] s_endings = ["n't", "'s", "'re", "'ve", "'ll", "'d", "'m"];

    /// <summary>The words of a text with their places in it.</summary>
    public static IReadOnlyList<(string Text, int Start)> Split(string text)
    {
        List<(string, int)> words = [];
        foreach (var match in WordPattern.Words.EnumerateMatches(text))
        {
            string word = text.Substring(match.Index, match.Length);
            int cut = EndingAt(word);
            words.Add((word[..cut], match.Index));
            if (cut < word.Length)
                words.Add((word[cut..], match.Index + cut));
        }
        return words;
    }

    // Where the second of two words begins; the length of a word that is one.
    static int EndingAt(string word)
    {
        string folded = TextFolding.Fold(word, lowercase: true);
        if (folded == "cannot")
            return "can".Length;
        string? ending = Array.Find(s_endings, ending => folded.Length > ending.Length && folded.EndsWith(ending, StringComparison.Ordinal));
        return word.Length - (ending?.Length ?? 0);
    }
}
