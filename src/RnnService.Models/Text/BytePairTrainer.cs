using System.Runtime.InteropServices;
using System.Text;

namespace RnnService.Models.Text;

/// <summary>
/// Finds the merges of a byte-pair encoding: again and again the most frequent pair of neighbouring tokens becomes a token (Sennrich,
/// Haddow and Birch 2016). Only whole characters are joined, and a character's bytes from its first on: what is merged is always text that can
/// be shown, rare characters stay bytes. Of equally frequent pairs the one with the lower ids comes first, so that the result depends on
/// the counts alone. Counts are kept up to date at each merge, in the pieces where the pair occurs.
/// </summary>
sealed class BytePairTrainer
{
    const int NoCharacter = -1;   // neither whole characters nor the beginning of one
    readonly List<string> _tokens = [.. Vocabulary.SpecialTokens];
    readonly List<int> _missing = [.. Vocabulary.SpecialTokens.Select(_ => NoCharacter)];   // [token]: bytes missing to a whole character
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly List<BytePairMerge> _merges = [];
    readonly HashSet<BytePairMerge> _merged = [];
    readonly Dictionary<BytePairMerge, Occurrences> _pairs = [];
    readonly PriorityQueue<BytePairMerge, (long NegativeCount, int Left, int Right)> _queue = new();
    readonly HashSet<BytePairMerge> _raised = [];
    readonly Piece[] _pieces;

    BytePairTrainer(Dictionary<string, long> pieces)
    {
        for (int value = 0; value < 256; value++)
            AddToken(ByteAlphabet.CharacterOf((byte)value).ToString(), MissingAfter((byte)value));
        _pieces = [.. pieces.Select(piece => new Piece(piece.Key, piece.Value))];
        for (int index = 0; index < _pieces.Length; index++)
        {
            var ids = _pieces[index].Ids;
            for (int i = 0; i + 1 < ids.Length; i++)
                Raise(new(ids[i], ids[i + 1]), _pieces[index].Count, index);
        }
        EnqueueRaised();
    }

    /// <summary>Makes a tokenizer of at most <paramref name="vocabularySize"/> tokens.</summary>
    /// <param name="vocabularySize">V, <see cref="BytePairTokenizer.SmallestVocabulary"/> or more</param>
    /// <param name="minCount">how often a pair must occur to be merged</param>
    /// <param name="lines">the text; read once</param>
    public static BytePairTokenizer Train(int vocabularySize, int minCount, IEnumerable<string> lines)
    {
        var trainer = new BytePairTrainer(CountPieces(lines));
        while (trainer._tokens.Count < vocabularySize && trainer.MergeMostFrequent(minCount))
        {
        }
        return new BytePairTokenizer(new Vocabulary(trainer._tokens.Skip(Vocabulary.SpecialTokens.Count)), trainer._merges);
    }

    static Dictionary<string, long> CountPieces(IEnumerable<string> lines)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var countsBySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string line in lines)
            foreach (var match in SubwordPattern.Pieces.EnumerateMatches(line))
                CollectionsMarshal.GetValueRefOrAddDefault(countsBySpan, line.AsSpan(match.Index, match.Length), out _)++;
        return counts;
    }

    bool MergeMostFrequent(int minCount)
    {
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            // Counts that fell are found out here; one that rose was queued again.
            if (!_pairs.TryGetValue(pair, out var occurrences) || occurrences.Count > -priority.NegativeCount)
                continue;
            if (occurrences.Count < -priority.NegativeCount)
            {
                Enqueue(pair, occurrences.Count);
                continue;
            }
            if (occurrences.Count < minCount)
                return false;
            Merge(pair, occurrences.Pieces);
            return true;
        }
        return false;
    }

    void Merge(BytePairMerge pair, List<int> pieces)
    {
        _pairs.Remove(pair);
        string text = _tokens[pair.Left] + _tokens[pair.Right];
        // Two pairs can make the same text: they make the same token, and what it was merged with can be its neighbour again.
        if (!_ids.TryGetValue(text, out int joined))
            joined = AddToken(text, MissingAfter(pair));
        if (_merged.Add(pair))
            _merges.Add(pair);
        foreach (int index in pieces)
            Join(pair, joined, index);
        EnqueueRaised();
    }

    // Replaces the pair in a piece, from the left, and counts what becomes its neighbours' pairs.
    void Join(BytePairMerge pair, int joined, int index)
    {
        ref var piece = ref _pieces[index];
        var ids = piece.Ids;
        int length = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (i + 1 == ids.Length || ids[i] != pair.Left || ids[i + 1] != pair.Right)
            {
                ids[length++] = ids[i];
                continue;
            }
            if (length > 0)
            {
                Lower(new(ids[length - 1], pair.Left), piece.Count);
                Raise(new(ids[length - 1], joined), piece.Count, index);
            }
            if (i + 2 < ids.Length)
            {
                Lower(new(pair.Right, ids[i + 2]), piece.Count);
                Raise(new(joined, ids[i + 2]), piece.Count, index);
            }
            ids[length++] = joined;
            i++;
        }
        piece.Shorten(length);
    }

    void Lower(BytePairMerge pair, long count)
    {
        // The pair that is being merged is counted no more.
        if (_pairs.TryGetValue(pair, out var occurrences))
            occurrences.Count -= count;
    }

    void Raise(BytePairMerge pair, long count, int index)
    {
        if (MissingAfter(pair) == NoCharacter)
            return;
        ref var occurrences = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _);
        occurrences ??= new Occurrences();
        occurrences.Count += count;
        if (occurrences.Pieces is not [.., var last] || last != index)
            occurrences.Pieces.Add(index);
        _raised.Add(pair);
    }

    void EnqueueRaised()
    {
        foreach (var pair in _raised)
            Enqueue(pair, _pairs[pair].Count);
        _raised.Clear();
    }

    void Enqueue(BytePairMerge pair, long count) => _queue.Enqueue(pair, (-count, pair.Left, pair.Right));

    int AddToken(string text, int missing)
    {
        _ids.Add(text, _tokens.Count);
        _tokens.Add(text);
        _missing.Add(missing);
        return _tokens.Count - 1;
    }

    int MissingAfter(BytePairMerge pair) => (_missing[pair.Left], _missing[pair.Right]) switch
    {
        (0, 0) => 0,
        ( > 0, NoCharacter) => _missing[pair.Left] - 1,
        _ => NoCharacter,
    };

    static int MissingAfter(byte first) => first switch
    {
        < 0x80 => 0,
        >= 0xC2 and < 0xE0 => 1,
        >= 0xE0 and < 0xF0 => 2,
        >= 0xF0 and < 0xF5 => 3,
        _ => NoCharacter,
    };

    sealed class Occurrences
    {
        public long Count;
        public readonly List<int> Pieces = [];   // where the pair was seen; it may be gone from some
    }

    struct Piece(string text, long count)
    {
        readonly int[] _ids = [.. Encoding.UTF8.GetBytes(text).Select(value => Vocabulary.EosId + 1 + value)];
        int _length = -1;

        public readonly long Count => count;

        public readonly Span<int> Ids => _length < 0 ? _ids : _ids.AsSpan(0, _length);

        public void Shorten(int length) => _length = length;
    }
}
