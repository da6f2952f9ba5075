namespace RnnService.Training.Data;

/// <summary>How rows of named columns are written.</summary>
public enum TableFormat
{
    /// <summary>Comma-separated with a header, quoted as RFC 4180 says: a field can hold commas, doubled quotation marks and line ends.</summary>
    Csv,

    /// <summary>Tab-separated with a header; nothing is quoted, so that a field holds neither tab nor line end.</summary>
    Tsv,

    /// <summary>One JSON object a line.</summary>
    Jsonl,
}
