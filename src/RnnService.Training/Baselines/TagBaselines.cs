using RnnService.Training.Data;
using RnnService.Training.Metrics;

namespace RnnService.Training.Baselines;

/// <summary>The baseline of tagging.</summary>
public static class TagBaselines
{
    /// <summary>
    /// Each word's most frequent tag, case told apart; a word never seen gets that of its lower case, else the tag that words seen once
    /// have most often. Of equally frequent tags the first is taken.
    /// </summary>
    /// <param name="labels">the tags</param>
    /// <param name="training">what the baseline learns from</param>
    /// <param name="validation">what it is measured on</param>
    public static Baseline MostFrequentTag(
        LabelSet labels, IReadOnlyList<TaggedSentence> training, IReadOnlyList<TaggedSentence> validation)
    {
        var counts = Count(labels, training);
        var tagOf = counts.ToDictionary(word => word.Key, word => MostFrequent(word.Value), StringComparer.Ordinal);
        int unseen = MostFrequent(Sum(counts.Values.Where(count => count.Sum() == 1).DefaultIfEmpty(Sum(counts.Values, labels.Count)), labels.Count));

        var matrix = new ConfusionMatrix(labels.Names);
        var entities = new EntityScore();
        foreach (var sentence in validation)
        {
            int[] truth = labels.IndicesOf(sentence.Tags);
            int[] predicted = [.. sentence.Tokens.Select(Predict)];
            for (int i = 0; i < truth.Length; i++)
                matrix.Add(truth[i], predicted[i]);
            entities += EntityScore.Of(Names(truth), Names(predicted));
        }
        return new Baseline(
            "mostFrequentTag", "each word's most frequent tag", matrix, EntityScore.AreEntityTags(labels.Names) ? entities : null);

        int Predict(string word) => tagOf.TryGetValue(word, out int tag) || tagOf.TryGetValue(word.ToLowerInvariant(), out tag) ? tag : unseen;

        string[] Names(int[] tags) => [.. tags.Select(tag => labels.Names[tag])];
    }

    // For each word how often it has each tag, [K].
    static Dictionary<string, int[]> Count(LabelSet labels, IReadOnlyList<TaggedSentence> sentences)
    {
        var counts = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (word, tag) in sentences.SelectMany(sentence => sentence.Tokens.Zip(sentence.Tags)))
        {
            if (!counts.TryGetValue(word, out int[]? count))
                counts.Add(word, count = new int[labels.Count]);
            count[labels.IndexOf(tag)]++;
        }
        return counts;
    }

    static int[] Sum(IEnumerable<int[]> counts, int length)
    {
        int[] sum = new int[length];
        foreach (int[] count in counts)
        {
            for (int i = 0; i < length; i++)
                sum[i] += count[i];
        }
        return sum;
    }

    static int MostFrequent(int[] count) => Array.IndexOf(count, count.Max());
}
