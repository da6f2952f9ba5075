using System.Collections.Concurrent;
using System.Text;

namespace RnnService.Models.Text;

/// <summary>
/// Pieces of words found by byte-pair encoding over UTF-8 bytes. No text has an unknown token, and decoding gives back every text that is
/// valid Unicode. Token texts are written in the byte-level alphabet: <c>Ġstudents</c> for <c> students</c>. The names of special tokens
/// have no meaning in a text.
/// </summary>
public sealed class BytePairTokenizer : ITokenizer
{
    /// <summary>The smallest V: the special tokens and the bytes.</summary>
    public const int SmallestVocabulary = Vocabulary.EosId + 1 + 256;

    const int LongestCachedPiece = 64, MostCachedPieces = 1 << 16;
    const int LongestIncompleteCharacter = 3;
    readonly BytePairSegmenter _segmenter;
    readonly byte[][] _bytes;   // [V]: what a token stands for; empty for special tokens
    readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _cacheBySpan;
    int _cachedPieces;

    /// <param name="vocabulary">tokens in the byte-level alphabet, each of the 256 bytes among them</param>
    /// <param name="merges">the earliest first</param>
    /// <exception cref="ArgumentException">the tokens and merges do not belong together; the message says which</exception>
    public BytePairTokenizer(Vocabulary vocabulary, IReadOnlyList<BytePairMerge> merges)
    {
        Vocabulary = vocabulary;
        Merges = merges;
        _segmenter = new BytePairSegmenter(vocabulary, merges);
        _cacheBySpan = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        _bytes = new byte[vocabulary.Count][];
        for (int id = 0; id < _bytes.Length; id++)
            _bytes[id] = Vocabulary.IsSpecial(id) ? [] : ByteAlphabet.BytesOf(vocabulary[id])
                ?? throw new ArgumentException($"'{vocabulary[id]}' with id {id}, which is not in the byte-level alphabet", nameof(vocabulary));
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <summary>The merges, the earliest first.</summary>
    public IReadOnlyList<BytePairMerge> Merges { get; }

    /// <summary>The tokens of a text. Where a character is split, it belongs to the token of its first byte; the others have length 0.</summary>
    public IReadOnlyList<Token> Tokenize(string text)
    {
        var tokens = new List<Token>();
        foreach (var match in SubwordPattern.Pieces.EnumerateMatches(text))
        {
            var piece = text.AsSpan(match.Index, match.Length);
            int bytesBefore = 0, bytesCovered = 0, unit = 0;
            foreach (int id in Segment(piece))
            {
                int start = unit;
                bytesBefore += _bytes[id].Length;
                while (bytesCovered < bytesBefore)
                {
                    _ = Rune.DecodeFromUtf16(piece[unit..], out var character, out int units);
                    bytesCovered += character.Utf8SequenceLength;
                    unit += units;
                }
                tokens.Add(new Token(Vocabulary[id], id, match.Index + start, unit - start));
            }
        }
        return tokens;
    }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        var ids = new List<int>();
        foreach (var match in SubwordPattern.Pieces.EnumerateMatches(text))
            ids.AddRange(Segment(text.AsSpan(match.Index, match.Length)));
        return [.. ids];
    }

    /// <summary>The token's text without the blank before it; bytes that are not whole characters as <c>&lt;0xE4&gt;</c>.</summary>
    public string Display(int tokenId)
    {
        byte[] bytes = _bytes[tokenId];
        if (Vocabulary.IsSpecial(tokenId))
            return Vocabulary[tokenId];
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            return string.Concat(bytes.Select(value => $"<0x{value:X2}>"));
        string text = Encoding.UTF8.GetString(bytes);
        return text.Length > 1 && text[0] == ' ' ? text[1..] : text;
    }

    /// <inheritdoc/>
    public string DecodeNext(ReadOnlySpan<int> previousIds, int tokenId)
    {
        // A character that is still incomplete began in the last three bytes; whatever stands before them was written.
        Span<byte> last = stackalloc byte[LongestIncompleteCharacter];
        int free = last.Length;
        for (int i = previousIds.Length - 1; i >= 0 && free > 0; i--)
        {
            var bytes = _bytes[previousIds[i]].AsSpan();
            bytes = bytes[^Math.Min(bytes.Length, free)..];
            free -= bytes.Length;
            bytes.CopyTo(last[free..]);
        }
        var decoder = Encoding.UTF8.GetDecoder();
        _ = Convert(decoder, last[free..]);
        return Convert(decoder, _bytes[tokenId]);
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokenIds)
    {
        var bytes = new List<byte>(tokenIds.Length * 4);
        foreach (int id in tokenIds)
            bytes.AddRange(_bytes[id]);
        return Convert(Encoding.UTF8.GetDecoder(), bytes.ToArray());
    }

    static string Convert(Decoder decoder, ReadOnlySpan<byte> bytes)
    {
        char[] units = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        return new string(units, 0, decoder.GetChars(bytes, units, flush: false));
    }

    int[] Segment(ReadOnlySpan<char> piece)
    {
        if (_cacheBySpan.TryGetValue(piece, out int[]? ids))
            return ids;
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(piece.Length)];
        ids = _segmenter.Segment(bytes.AsSpan(0, Encoding.UTF8.GetBytes(piece, bytes)));
        if (piece.Length <= LongestCachedPiece && Volatile.Read(ref _cachedPieces) < MostCachedPieces && _cacheBySpan.TryAdd(piece, ids))
            Interlocked.Increment(ref _cachedPieces);
        return ids;
    }
}
