using RnnService.Training.Data;

namespace RnnService.Training.Preparation;

/// <summary>
/// Short texts from long ones: passages of whole sentences, each with the label of its text. A passage can say the opposite of the whole
/// (a critic praises the actors of a film he dislikes), so they are a supplement to the texts, not a substitute.
/// </summary>
public static class Passages
{
    /// <summary>Writes a TSV of the columns <c>label</c> and <c>text</c>: each passage that differs from those before.</summary>
    /// <param name="texts">labelled texts whose words are separated by blanks</param>
    /// <param name="format">of their files</param>
    /// <param name="text">the column of the text; rows where it is empty are passed over</param>
    /// <param name="label">the column of the label</param>
    /// <param name="leastWords">a passage ends with the first sentence that reaches so many words, or with the text</param>
    /// <param name="output">the file to write</param>
    /// <returns>texts read and passages written</returns>
    /// <exception cref="CorpusException">a file is malformed</exception>
    public static (int Texts, int Passages) Prepare(Corpus texts, TableFormat format, string text, string label, int leastWords, string output)
    {
        int read = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        PreparedFile.Write(output, writer =>
        {
            writer.WriteLine("label\ttext");
            foreach (var row in TableReader.Read(texts, format, [text, label]))
            {
                read++;
                foreach (string passage in Split(row.Values[0], leastWords).Where(seen.Add))
                    writer.WriteLine($"{row.Required(1, "the row's label")}\t{passage}");
            }
        });
        return (read, seen.Count);
    }

    /// <summary>The passages of a text, their words separated by single blanks.</summary>
    static IEnumerable<string> Split(string text, int leastWords)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int start = 0;
        for (int end = 1; end <= words.Length; end++)
        {
            if (end < words.Length && (end - start < leastWords || words[end - 1][^1] is not ('.' or '!' or '?')))
                continue;
            yield return string.Join(' ', words[start..end]);
            start = end;
        }
    }
}
