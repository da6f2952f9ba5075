using System.Globalization;

namespace RnnService.Training.Data;

/// <summary>A sentence whose tokens have tags.</summary>
/// <param name="Tokens">as written, one or more</param>
/// <param name="Tags">one for each token</param>
public sealed record TaggedSentence(IReadOnlyList<string> Tokens, IReadOnlyList<Label> Tags)
{
    /// <summary>Reads all sentences of all files.</summary>
    /// <exception cref="CorpusException">a line lacks a column, a token or tag is empty, or a file has no token</exception>
    public static IReadOnlyList<TaggedSentence> Read(Corpus corpus, TaggedTokenSettings settings) =>
        [.. corpus.Files.SelectMany(file => Read(file, settings))];

    static IEnumerable<TaggedSentence> Read(TextFile file, TaggedTokenSettings settings)
    {
        List<string> tokens = [];
        List<Label> tags = [];
        int line = 0, sentences = 0;
        foreach (string text in file.Text.Split('\n').Append(""))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                if (tokens.Count == 0)
                    continue;
                sentences++;
                yield return new TaggedSentence([.. tokens], [.. tags]);
                tokens.Clear();
                tags.Clear();
                continue;
            }
            if (settings.Format == TokenFileFormat.Conllu && IsNoToken(text))
                continue;
            string[] fields = text.Split('\t');
            tokens.Add(Field(file.Path, line, fields, settings.Form, "the token"));
            tags.Add(new Label(Field(file.Path, line, fields, settings.Tag, "the tag"), file.Path, line));
        }
        if (sentences == 0)
            throw new CorpusException($"{file.Path}: no line with a token; expected at least one.");
    }

    // A comment, a multiword range or an empty node.
    static bool IsNoToken(string line) =>
        line.StartsWith('#') || line.AsSpan(0, Math.Max(0, line.IndexOf('\t', StringComparison.Ordinal))).ContainsAny('-', '.');

    static string Field(string path, int line, string[] fields, int column, string what)
    {
        string columns = fields.Length.ToString(CultureInfo.InvariantCulture) + (fields.Length == 1 ? " column" : " columns");
        if (column > fields.Length)
            throw new CorpusException($"{path} line {line}: found {columns} separated by tabs, expected {what} in column {column}.");
        string field = fields[column - 1].Trim();
        return field.Length > 0 ? field : throw new CorpusException($"{path} line {line}: column {column} is empty, expected {what}.");
    }
}
