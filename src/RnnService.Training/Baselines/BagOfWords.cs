using System.Runtime.InteropServices;
using RnnService.Models.Text;

namespace RnnService.Training.Baselines;

/// <summary>
/// Texts as sparse vectors: which words (Chinese and Japanese: characters) and pairs of neighbouring words occur, case folded. Features
/// of fewer than two training texts are left out. A feature weighs ln((1+n)/(1+n_f))+1, n_f of n texts having it (smoothed inverse document
/// frequency), and each vector has length 1.
/// </summary>
sealed class BagOfWords
{
    const int LeastTexts = 2;
    static readonly WordTokenizer _words = new(new Vocabulary([]), lowercase: true);

    readonly Dictionary<string, int> _indices;
    readonly float[] _weights;   // [F]

    BagOfWords(Dictionary<string, int> indices, float[] weights)
    {
        _indices = indices;
        _weights = weights;
    }

    /// <summary>F, the features there are.</summary>
    public int Count => _weights.Length;

    /// <summary>Learns the features of training texts.</summary>
    public static BagOfWords Learn(IEnumerable<string> texts)
    {
        var textCounts = new Dictionary<string, int>(StringComparer.Ordinal);
        int textCount = 0;
        foreach (string text in texts)
        {
            textCount++;
            foreach (string name in Names(text).Distinct())
                CollectionsMarshal.GetValueRefOrAddDefault(textCounts, name, out _)++;
        }
        var frequent = textCounts.Where(pair => pair.Value >= LeastTexts).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        return new BagOfWords(
            frequent.Select((pair, index) => (pair.Key, index)).ToDictionary(pair => pair.Key, pair => pair.index, StringComparer.Ordinal),
            [.. frequent.Select(pair => (float)(Math.Log((1.0 + textCount) / (1.0 + pair.Value)) + 1))]);
    }

    /// <summary>The vector of a text: features it has, by index, and their weights.</summary>
    public SparseVector Features(string text)
    {
        int[] indices = [.. Names(text).Distinct().Select(name => _indices.GetValueOrDefault(name, -1)).Where(index => index >= 0).Order()];
        double length = Math.Sqrt(indices.Sum(index => (double)_weights[index] * _weights[index]));
        return new SparseVector(indices, [.. indices.Select(index => (float)(_weights[index] / length))]);
    }

    static IEnumerable<string> Names(string text)
    {
        string? previous = null;
        foreach (var token in _words.Tokenize(text))
        {
            yield return token.Text;
            if (previous is not null)
                yield return $"{previous} {token.Text}";
            previous = token.Text;
        }
    }
}

/// <summary>A vector most of whose elements are 0.</summary>
/// <param name="Indices">of the others, ascending</param>
/// <param name="Values">their values</param>
readonly record struct SparseVector(int[] Indices, float[] Values);
