namespace RnnService.Models.Ngrams;

/// <summary>
/// Counts n-grams. Places of the text are sorted by the tokens from there on: then an n-gram is a run of places that begin with it, and
/// the longer ones that begin with it are runs within that.
/// </summary>
public sealed class NgramCounter
{
    readonly int[] _text, _places;
    readonly int _border, _minCount;
    readonly List<int>[] _tokens, _counts, _firstChildren;

    NgramCounter(ReadOnlySpan<int> text, int border, NgramSettings settings)
    {
        (_text, _border, _minCount) = (text.ToArray(), border, settings.MinCount);
        (_tokens, _counts, _firstChildren) = (Lists(), Lists(), Lists());
        _places = [.. Enumerable.Range(0, Math.Max(0, text.Length - 1))];
        Array.Sort(_places, Compare);
        Add(0, _places.Length, depth: 0);

        List<int>[] Lists() => [.. Enumerable.Range(0, settings.Order).Select(_ => new List<int>())];
    }

    int Order => _tokens.Length;

    /// <summary>Counts lines.</summary>
    /// <param name="text">lines with <paramref name="border"/> before, between and after them; no n-gram reaches across one</param>
    /// <param name="border">the token that stands there, part of the n-grams that it begins or ends</param>
    /// <param name="vocabularySize">V; all tokens are below it</param>
    /// <param name="settings">how long n-grams may be, and how rare</param>
    public static NgramCounts Count(ReadOnlySpan<int> text, int border, int vocabularySize, NgramSettings settings)
    {
        var counter = new NgramCounter(text, border, settings);
        return new NgramCounts(vocabularySize, [.. Enumerable.Range(0, counter.Order).Select(counter.Level)]);
    }

    int Compare(int x, int y)
    {
        for (int depth = 0; depth < Order; depth++)
        {
            int token = _text[x + depth], other = _text[y + depth];
            if (token != other)
                return token.CompareTo(other);
            if (token == _border && depth > 0)
                break;
        }
        return 0;
    }

    // The n-grams of depth + 1 tokens among places that share the first ones, each followed by the longer ones that begin with it.
    void Add(int from, int to, int depth)
    {
        while (from < to)
        {
            int token = _text[_places[from] + depth], end = from + 1;
            while (end < to && _text[_places[end] + depth] == token)
                end++;
            // Single tokens stay: they are what everything else falls back on.
            if (depth == 0 || end - from >= _minCount)
            {
                _tokens[depth].Add(token);
                _counts[depth].Add(end - from);
                if (depth + 1 < Order)
                {
                    _firstChildren[depth].Add(_tokens[depth + 1].Count);
                    if (token != _border || depth == 0)
                        Add(from, end, depth + 1);
                }
            }
            from = end;
        }
    }

    NgramLevel Level(int depth) => new(
        [.. _tokens[depth]], [.. _counts[depth]], depth + 1 < Order ? [.. _firstChildren[depth], _tokens[depth + 1].Count] : []);
}
