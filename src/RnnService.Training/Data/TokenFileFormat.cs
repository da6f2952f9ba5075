namespace RnnService.Training.Data;

/// <summary>How tagged tokens are written: one token a line, columns separated by tabs, an empty line after a sentence.</summary>
public enum TokenFileFormat
{
    /// <summary>Any columns; every line is a token.</summary>
    Conll,

    /// <summary>
    /// The ten columns of Universal Dependencies; comments (<c># …</c>), multiword ranges (<c>1-2</c>) and empty nodes (<c>8.1</c>) are
    /// passed over.
    /// </summary>
    Conllu,
}
