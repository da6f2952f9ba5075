using System.Runtime.InteropServices;
using RnnService.Models.Text;

namespace RnnService.Models.BagsOfWords;

/// <summary>
/// Texts as sparse vectors: which words (Chinese and Japanese: characters) and pairs of neighbouring words occur, case folded. A feature
/// weighs ln((1+n)/(1+n_f))+1, n_f of n training texts having it (smoothed inverse document frequency), and each vector has length 1.
/// Safe to share between threads.
/// </summary>
public sealed class BagOfWords
{
    /// <summary>Longer words and pairs, in UTF-16 units, are no features.</summary>
    internal const int LongestName = 64;

    static readonly WordTokenizer s_words = new(new Vocabulary([]), lowercase: true);

    readonly string[] _names;   // [F] in ordinal order, found by bisection
    readonly float[] _weights;   // [F]

    /// <param name="names">[F] words, and pairs with a blank between, in ordinal order</param>
    /// <param name="textCounts">[F] training texts that have each</param>
    /// <param name="textCount">all training texts</param>
    internal BagOfWords(string[] names, IReadOnlyList<int> textCounts, int textCount)
    {
        (_names, TextCounts, TextCount) = (names, textCounts, textCount);
        _weights = [.. textCounts.Select(count => (float)(Math.Log((1.0 + textCount) / (1.0 + count)) + 1))];
    }

    /// <summary>F, the features there are.</summary>
    public int Count => _weights.Length;

    /// <summary>[F] words, and pairs of words with a blank between, in ordinal order.</summary>
    public IReadOnlyList<string> Names => _names;

    internal IReadOnlyList<int> TextCounts { get; }

    internal int TextCount { get; }

    /// <summary>Learns the features of training texts.</summary>
    /// <param name="texts">the texts</param>
    /// <param name="minTexts">features of fewer texts are left out</param>
    public static BagOfWords Learn(IEnumerable<string> texts, int minTexts)
    {
        var textCounts = new Dictionary<string, int>(StringComparer.Ordinal);
        int textCount = 0;
        foreach (string text in texts)
        {
            textCount++;
            foreach (string name in Occurrences(text).Select(occurrence => occurrence.Name).Where(name => name.Length <= LongestName).Distinct())
                CollectionsMarshal.GetValueRefOrAddDefault(textCounts, name, out _)++;
        }
        var frequent = textCounts.Where(pair => pair.Value >= minTexts).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        return new BagOfWords([.. frequent.Select(pair => pair.Key)], [.. frequent.Select(pair => pair.Value)], textCount);
    }

    /// <summary>The vector of a text: features it has, by index, and their weights.</summary>
    public SparseVector Features(string text)
    {
        int[] indices = [.. Places(text).Select(place => place.Index).Distinct().Order()];
        double length = Math.Sqrt(indices.Sum(index => (double)_weights[index] * _weights[index]));
        return new SparseVector(indices, [.. indices.Select(index => (float)(_weights[index] / length))]);
    }

    /// <summary>Where the features of a text stand: for each word of each occurrence, so twice for a pair, the feature and the word's place.</summary>
    internal IEnumerable<(int Index, TextSpan Word)> Places(string text)
    {
        foreach (var (name, first, last) in Occurrences(text))
        {
            int index = Array.BinarySearch(_names, name, StringComparer.Ordinal);
            if (index < 0)
                continue;
            yield return (index, first);
            if (last != first)
                yield return (index, last);
        }
    }

    static IEnumerable<(string Name, TextSpan First, TextSpan Last)> Occurrences(string text)
    {
        Token? previous = null;
        foreach (var token in s_words.Tokenize(text))
        {
            yield return (token.Text, SpanOf(token), SpanOf(token));
            if (previous is { } before)
                yield return ($"{before.Text} {token.Text}", SpanOf(before), SpanOf(token));
            previous = token;
        }

        static TextSpan SpanOf(Token token) => new(token.Start, token.Length);
    }
}
