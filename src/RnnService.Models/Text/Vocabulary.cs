using System.Diagnostics.CodeAnalysis;

namespace RnnService.Models.Text;

/// <summary>Tokens and their ids; the first four ids are pad, unk, bos and eos. Immutable.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A vocabulary is the field's word for this collection.")]
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

    readonly string[] _tokens;
    readonly Dictionary<string, int> _ids;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;

    /// <summary>A vocabulary of the special tokens followed by <paramref name="tokens"/>, in this order.</summary>
    /// <param name="tokens">the ordinary tokens, from id 4 on</param>
    /// <exception cref="ArgumentException">a token is empty or occurs twice; the message names it</exception>
    public Vocabulary(IEnumerable<string> tokens)
    {
        _tokens = [.. SpecialTokens, .. tokens];
        _ids = new(_tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < _tokens.Length; id++)
        {
            if (_tokens[id].Length == 0)
                throw new ArgumentException($"The token with id {id} is empty.", nameof(tokens));
            if (!_ids.TryAdd(_tokens[id], id))
                throw new ArgumentException($"The token '{_tokens[id]}' has two ids, {_ids[_tokens[id]]} and {id}.", nameof(tokens));
        }
        _idsBySpan = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The texts of the ids 0 to 3.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = ["<pad>", "<unk>", "<bos>", "<eos>"];

    /// <summary>Number of tokens, V, the special ones included.</summary>
    public int Count => _tokens.Length;

    /// <summary>The token with this id.</summary>
    public string this[int tokenId] => _tokens[tokenId];

    /// <summary>The id of a token, or <see cref="UnknownId"/>.</summary>
    public int IdOf(string token) => _ids.GetValueOrDefault(token, UnknownId);

    /// <summary>The id of a token, or <see cref="UnknownId"/>.</summary>
    public int IdOf(ReadOnlySpan<char> token) => _idsBySpan.TryGetValue(token, out int id) ? id : UnknownId;

    /// <summary>Whether an id is that of pad, unk, bos or eos: tokens that no text shows.</summary>
    public static bool IsSpecial(int tokenId) => (uint)tokenId <= EosId;
}
