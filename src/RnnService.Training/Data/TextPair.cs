namespace RnnService.Training.Data;

/// <summary>A text and what is to be written for it: its translation, or the reply to it.</summary>
/// <param name="Source">not empty</param>
/// <param name="Target">not empty</param>
public sealed record TextPair(string Source, string Target)
{
    /// <summary>Reads all rows of all files.</summary>
    /// <exception cref="CorpusException">a row is malformed, or one of its two texts is empty</exception>
    public static IReadOnlyList<TextPair> Read(Corpus corpus, PairSettings settings) =>
        [.. TableReader.Read(corpus, settings.Format, [settings.Source, settings.Target])
            .Select(row => new TextPair(row.Required(0, "the text to read"), row.Required(1, "the text to write")))];
}
