namespace RnnService.Training.Data;

/// <summary>
/// Batches of sequences of similar lengths, so that little is computed for padding: an epoch's order is shuffled, cut into pools of many
/// batches, each pool is sorted by length, and its batches are read in shuffled order.
/// </summary>
/// <param name="lengths">[n] steps of each sequence, or another whole number that puts similar ones beside each other</param>
/// <param name="batchSize">B, the most sequences of a batch</param>
public sealed class LengthBatches(IReadOnlyList<int> lengths, int batchSize)
{
    const int PoolBatches = 50;

    /// <summary>Batches of an epoch.</summary>
    public int Count => (lengths.Count + batchSize - 1) / batchSize;

    /// <summary>The batches of an epoch, as indices of sequences; each sequence is in one of them.</summary>
    /// <param name="seed">chooses the order</param>
    public IReadOnlyList<int[]> Shuffled(ulong seed)
    {
        var random = new SplitMix64(seed);
        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        Shuffle(order, ref random);
        // Pools hold whole batches, so that only the last batch of all can be short.
        int[][] batches = [.. order.Chunk(PoolBatches * batchSize).SelectMany(pool => pool.OrderBy(index => lengths[index]).Chunk(batchSize))];
        Shuffle(batches, ref random);
        return batches;
    }

    /// <summary>The batches of a measurement, shortest sequences first.</summary>
    public IEnumerable<int[]> Sorted() => Enumerable.Range(0, lengths.Count).OrderBy(index => lengths[index]).Chunk(batchSize);

    /// <summary>Fisher and Yates's shuffle.</summary>
    internal static void Shuffle<T>(T[] items, ref SplitMix64 random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
