namespace RnnService.Training.Data;

/// <summary>What was said in turns.</summary>
/// <param name="Turns">one line each, none empty</param>
public sealed record Dialogue(IReadOnlyList<string> Turns)
{
    const string TurnsColumn = "turns", QuestionColumn = "question", AnswerColumn = "answer";

    /// <summary>
    /// Reads all dialogues of all files: the lists <c>turns</c> of JSONL files, and <c>question</c> and <c>answer</c> of CSV and TSV files
    /// as two turns.
    /// </summary>
    /// <exception cref="CorpusException">a row is malformed</exception>
    public static IEnumerable<Dialogue> Read(Corpus corpus) => corpus.Files.SelectMany(Read);

    static IEnumerable<Dialogue> Read(TextFile file)
    {
        IEnumerable<IEnumerable<string>> dialogues = Path.GetExtension(file.Path).ToUpperInvariant() switch
        {
            ".CSV" => ReadAnswers(file, TableFormat.Csv),
            ".TSV" => ReadAnswers(file, TableFormat.Tsv),
            _ => JsonLines.ReadLists(file, TurnsColumn),
        };
        return dialogues.Select(turns => new Dialogue([.. turns.Select(turn => turn.ReplaceLineEndings(" ").Trim()).Where(turn => turn.Length > 0)]));
    }

    static IEnumerable<IEnumerable<string>> ReadAnswers(TextFile file, TableFormat format) => DelimitedLines.Read(file, format, [QuestionColumn, AnswerColumn])
        .Select(row => new[] { row.Required(0, "a question"), row.Required(1, "the answer to it") });
}
