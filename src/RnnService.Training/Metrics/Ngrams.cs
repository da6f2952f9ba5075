using System.Runtime.InteropServices;

namespace RnnService.Training.Metrics;

/// <summary>Counts of the n-grams of a text, and how many of them another text has too.</summary>
static class Ngrams
{
    /// <summary>How often each run of <paramref name="order"/> neighbouring units occurs.</summary>
    /// <param name="units">words or characters; none holds a blank</param>
    /// <param name="order">n, 1 or more</param>
    public static Dictionary<string, int> Count(ReadOnlySpan<string> units, int order)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int start = 0; start + order <= units.Length; start++)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, string.Join(' ', units.Slice(start, order)), out _)++;
        return counts;
    }

    /// <summary>Takes for each n-gram the larger of two counts.</summary>
    public static void KeepLarger(Dictionary<string, int> counts, Dictionary<string, int> others)
    {
        foreach (var (ngram, count) in others)
        {
            ref int kept = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, ngram, out _);
            kept = Math.Max(kept, count);
        }
    }

    /// <summary>Number of n-grams of the one that the other has too, each at most as often as there.</summary>
    public static int CountMatches(Dictionary<string, int> counts, Dictionary<string, int> others) =>
        counts.Sum(ngram => Math.Min(ngram.Value, others.GetValueOrDefault(ngram.Key)));
}
