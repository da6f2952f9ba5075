namespace RnnService.Training.Data;

/// <summary>The <c>data</c> section of a recipe: where the files of a task hold what.</summary>
public abstract record DataSettings;

/// <summary>Columns of labelled texts, for <c>sequence-classifier</c>.</summary>
/// <param name="Format">csv, tsv or jsonl</param>
/// <param name="Text">one column or more; their texts are joined by a blank</param>
/// <param name="Label">the column of the class</param>
public sealed record LabelledTextSettings(TableFormat Format, IReadOnlyList<string> Text, string Label) : DataSettings;

/// <summary>Columns of tagged tokens, for <c>tagger</c>.</summary>
/// <param name="Format">conll or conllu</param>
/// <param name="Form">number of the token's column, from 1</param>
/// <param name="Tag">number of the tag's column, from 1</param>
public sealed record TaggedTokenSettings(TokenFileFormat Format, int Form, int Tag) : DataSettings;

/// <summary>
/// Columns of numeric series, for <c>series-classifier</c>. Rows of a series stand together, oldest first; every row with a label is an
/// example, made of the row and those before it.
/// </summary>
/// <param name="Format">csv, tsv or jsonl</param>
/// <param name="Series">the column that tells one series from another</param>
/// <param name="Features">the columns of a step's numbers, F in all</param>
/// <param name="Label">the column of the class; empty where there is none to learn</param>
/// <param name="Current">the column of the class a step itself has, for the baseline that nothing changes; null for none</param>
/// <param name="Window">the most steps of an example</param>
public sealed record SeriesSettings(
    TableFormat Format, string Series, IReadOnlyList<string> Features, string Label, string? Current, int Window) : DataSettings;

/// <summary>Columns of pairs of texts, for <c>seq2seq</c>.</summary>
/// <param name="Format">csv, tsv or jsonl</param>
/// <param name="Source">the column that is read</param>
/// <param name="Target">the column that is written</param>
/// <param name="SourceLanguage">the language of the one: <c>fr</c>, <c>zh</c></param>
/// <param name="TargetLanguage">the language of the other; the same for a dialogue</param>
public sealed record PairSettings(TableFormat Format, string Source, string Target, string SourceLanguage, string TargetLanguage) : DataSettings
{
    /// <summary>Whether the target is a reply to the source rather than its translation: both are of one language.</summary>
    public bool IsDialogue => SourceLanguage == TargetLanguage;
}
