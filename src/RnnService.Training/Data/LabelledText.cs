namespace RnnService.Training.Data;

/// <summary>A text with its class.</summary>
/// <param name="Text">can be empty: such a text is classified by what is left, the end of the sequence</param>
/// <param name="Label">the class and where it stands</param>
public sealed record LabelledText(string Text, Label Label)
{
    /// <summary>Reads all rows of all files.</summary>
    /// <exception cref="CorpusException">a row is malformed or has no label</exception>
    public static IReadOnlyList<LabelledText> Read(Corpus corpus, LabelledTextSettings settings)
    {
        int label = settings.Text.Count;
        return [.. TableReader.Read(corpus, settings.Format, [.. settings.Text, settings.Label]).Select(row => new LabelledText(
            string.Join(' ', row.Values.Take(label).Where(text => text.Length > 0)),
            new Label(row.Required(label, "the row's label"), row.Path, row.Line)))];
    }
}
