namespace RnnService.Models.Text;

/// <summary>
/// Splits bytes into tokens: each byte is a token at first, then of all neighbours that have a merge those with the earliest are joined,
/// the leftmost first, until none has one (Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units").
/// Immutable; takes time n log n for n bytes.
/// </summary>
sealed class BytePairSegmenter
{
    const int Gone = -1;
    readonly int[] _byteIds = new int[256];
    readonly Dictionary<BytePairMerge, (int Rank, int Joined)> _merges;

    /// <param name="vocabulary">all tokens, every single byte among them</param>
    /// <param name="merges">the earliest first</param>
    /// <exception cref="ArgumentException">a byte or the text of a merge is no token, or a merge occurs twice; the message says which</exception>
    public BytePairSegmenter(Vocabulary vocabulary, IReadOnlyList<BytePairMerge> merges)
    {
        for (int value = 0; value < _byteIds.Length; value++)
        {
            _byteIds[value] = vocabulary.IdOf([ByteAlphabet.CharacterOf((byte)value)]);
            if (_byteIds[value] == Vocabulary.UnknownId)
                throw new ArgumentException($"no token for the byte 0x{value:X2}, '{ByteAlphabet.CharacterOf((byte)value)}'", nameof(vocabulary));
        }
        _merges = new(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = (vocabulary[merges[rank].Left], vocabulary[merges[rank].Right]);
            int joined = vocabulary.IdOf(left + right);
            if (joined == Vocabulary.UnknownId)
                throw new ArgumentException($"merge {rank} makes '{left + right}', which is no token", nameof(merges));
            if (!_merges.TryAdd(merges[rank], (rank, joined)))
                throw new ArgumentException($"merge {rank}, '{left} {right}', for the second time", nameof(merges));
        }
    }

    /// <summary>The ids of the tokens of <paramref name="bytes"/> [n].</summary>
    public int[] Segment(ReadOnlySpan<byte> bytes)
    {
        int count = bytes.Length;
        // A list linked both ways; a token stands at the place of its first byte, the end is at count.
        int[] ids = new int[count];
        int[] next = new int[count];
        int[] previous = new int[count];
        var queue = new PriorityQueue<(int Place, BytePairMerge Pair), long>();
        for (int place = 0; place < count; place++)
        {
            ids[place] = _byteIds[bytes[place]];
            (previous[place], next[place]) = (place - 1, place + 1);
        }
        for (int place = 0; place + 1 < count; place++)
            Enqueue(place);

        int tokens = count;
        while (queue.TryDequeue(out var candidate, out _))
        {
            int place = candidate.Place;
            int follower = ids[place] == Gone ? count : next[place];
            // Either of the two may have been joined with another since.
            if (follower == count || candidate.Pair != new BytePairMerge(ids[place], ids[follower]))
                continue;
            ids[place] = _merges[candidate.Pair].Joined;
            ids[follower] = Gone;
            next[place] = next[follower];
            tokens--;
            if (next[place] < count)
            {
                previous[next[place]] = place;
                Enqueue(place);
            }
            if (previous[place] >= 0)
                Enqueue(previous[place]);
        }

        int[] segments = new int[tokens];
        for (int place = 0, index = 0; place < count; place = next[place])
            segments[index++] = ids[place];
        return segments;

        void Enqueue(int place)
        {
            var pair = new BytePairMerge(ids[place], ids[next[place]]);
            if (_merges.TryGetValue(pair, out var merge))
                queue.Enqueue((place, pair), ((long)merge.Rank << 32) | (uint)place);
        }
    }
}
