namespace RnnService.Models.Text;

/// <summary>Tokens and their ids; the first four ids are pad, unk, bos and eos.</summary>
public sealed class Vocabulary
{
    /// <summary>Id of padding.</summary>
    public const int PadId = 0;

    /// <summary>Id of any token the vocabulary does not hold.</summary>
    public const int UnknownId = 1;

    /// <summary>Id of the begin of a sequence.</summary>
    public const int BosId = 2;

    /// <summary>Id of the end of a sequence.</summary>
    public const int EosId = 3;

    /// <summary>Number of tokens, V.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>The token with this id.</summary>
    public string this[int tokenId] => throw new NotImplementedException();

    /// <summary>The id of a token, or <see cref="UnknownId"/>.</summary>
    public int IdOf(string token) => throw new NotImplementedException();
}
