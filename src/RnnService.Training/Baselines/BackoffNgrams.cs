using RnnService.Models.Text;
using RnnService.Training.Metrics;

namespace RnnService.Training.Baselines;

/// <summary>
/// The baseline of next-word prediction: counts of up to five words in a row with "stupid backoff" (Brants et al. 2007, equation 5):
/// S(w | c) = count(c w) / count(c) where that occurs, else 0.4 S(w | c without its first word). Case is folded.
/// </summary>
/// <remarks>
/// The places of the text are sorted by the words before them, nearest first, so that what followed a context lies side by side: a context
/// is a range of places, and a longer one a range within it.
/// </remarks>
public sealed class BackoffNgrams
{
    /// <summary>Most words of an n-gram, the predicted one included.</summary>
    public const int Order = 5;

    const double Backoff = 0.4;
    const int Border = 0, Unknown = -1, Guesses = 3;

    // Continuations of a context that occurred more often are kept: few contexts, asked for again and again.
    const int WorthKeeping = 500;

    readonly ITokenizer _tokenizer;
    readonly Dictionary<string, int> _ids = new(StringComparer.OrdinalIgnoreCase);
    readonly List<bool> _isWord = [false];
    readonly int[] _text;     // ids; a border before each line and at the end
    readonly int[] _places;   // of _text but the first, by what stands before them
    readonly Dictionary<(int From, int To), Continuation[]> _kept = [];
    readonly Dictionary<int, int> _counts = [];

    /// <summary>Counts a text.</summary>
    /// <param name="tokenizer">splits lines into words; its vocabulary does not matter</param>
    /// <param name="lines">one sentence each</param>
    public BackoffNgrams(ITokenizer tokenizer, IEnumerable<string> lines)
    {
        _tokenizer = tokenizer;
        List<int> text = [Border];
        foreach (string line in lines)
        {
            foreach (var token in tokenizer.Tokenize(line))
            {
                if (_ids.TryAdd(token.Text, _isWord.Count))
                    _isWord.Add(WordRanking.IsWord(token.Text));
                text.Add(_ids[token.Text]);
            }
            text.Add(Border);
        }
        _text = [.. text];
        _places = [.. Enumerable.Range(1, _text.Length - 1)];
        Array.Sort(_places, ComparePlaces);
    }

    /// <summary>How often the next word of a sentence is among the first guesses.</summary>
    /// <param name="sentences">one each; its first word is not asked for, words that did not occur in the text count as wrong</param>
    public NextWordAccuracy Measure(IEnumerable<string> sentences)
    {
        var total = new NextWordAccuracy();
        foreach (string sentence in sentences)
        {
            List<int> context = [Border];
            bool begun = false;
            foreach (var token in _tokenizer.Tokenize(sentence))
            {
                int id = _ids.GetValueOrDefault(token.Text, Unknown);
                if (WordRanking.IsWord(token.Text))
                {
                    if (begun)
                        total += Score(id, context);
                    begun = true;
                }
                context.Add(id);
            }
        }
        return total;
    }

    NextWordAccuracy Score(int target, List<int> context)
    {
        int rank = Guess(context, wordsOnly: false).IndexOf(target), rankOfWords = Guess(context, wordsOnly: true).IndexOf(target);
        return new NextWordAccuracy(1, rank == 0 ? 1 : 0, rank >= 0 ? 1 : 0, rankOfWords == 0 ? 1 : 0, rankOfWords >= 0 ? 1 : 0);
    }

    // The words of the highest scores; of equals the one met first in the text.
    List<int> Guess(List<int> context, bool wordsOnly)
    {
        var scores = new Dictionary<int, double>();
        var ranges = Ranges(context);
        double factor = 1;
        for (int words = ranges.Count - 1; words >= 0; words--, factor *= Backoff)
        {
            var (from, to) = ranges[words];
            int found = 0;
            // Sorted by count: after as many new ones as are wanted, no other of this context can be among the best.
            foreach (var (id, count) in Continuations(from, to))
            {
                if (id == Border || (wordsOnly && !_isWord[id]) || !scores.TryAdd(id, factor * count / (to - from)))
                    continue;
                if (++found == Guesses)
                    break;
            }
        }
        return [.. scores.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(Guesses).Select(pair => pair.Key)];
    }

    // Of the contexts of 0, 1, … words that occur, those places of the sorted ones that follow them.
    List<(int From, int To)> Ranges(List<int> context)
    {
        List<(int From, int To)> ranges = [(0, _places.Length)];
        for (int distance = 1; distance < Order && distance <= context.Count; distance++)
        {
            int id = context[^distance];
            var (from, to) = ranges[^1];
            int first = FirstAtLeast(id, distance, from, to), end = FirstAtLeast(id + 1, distance, first, to);
            if (first == end)
                break;
            ranges.Add((first, end));
            if (id == Border)
                break;
        }
        return ranges;
    }

    int FirstAtLeast(int id, int distance, int from, int to)
    {
        while (from < to)
        {
            int middle = from + (to - from) / 2;
            if (_text[_places[middle] - distance] < id)
                from = middle + 1;
            else
                to = middle;
        }
        return from;
    }

    Continuation[] Continuations(int from, int to)
    {
        if (_kept.TryGetValue((from, to), out var known))
            return known;
        _counts.Clear();
        foreach (int place in _places.AsSpan(from, to - from))
            _counts[_text[place]] = _counts.GetValueOrDefault(_text[place]) + 1;
        Continuation[] sorted = [.. _counts.Select(pair => new Continuation(pair.Key, pair.Value))];
        Array.Sort(sorted, (x, y) => x.Count != y.Count ? y.Count.CompareTo(x.Count) : x.Id.CompareTo(y.Id));
        if (to - from > WorthKeeping)
            _kept.Add((from, to), sorted);
        return sorted;
    }

    int ComparePlaces(int x, int y)
    {
        for (int distance = 1; distance < Order; distance++)
        {
            int before = _text[x - distance], other = _text[y - distance];
            if (before != other)
                return before.CompareTo(other);
            if (before == Border)
                break;
        }
        return x.CompareTo(y);
    }

    readonly record struct Continuation(int Id, int Count);
}
