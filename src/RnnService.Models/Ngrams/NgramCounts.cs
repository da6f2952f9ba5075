namespace RnnService.Models.Ngrams;

/// <summary>How often each sequence of up to N tokens occurs in a text. Safe to share between threads.</summary>
public sealed class NgramCounts
{
    readonly NgramLevel[] _levels;   // [n-1]: the n-grams
    readonly long _total;

    internal NgramCounts(int vocabularySize, NgramLevel[] levels)
    {
        (VocabularySize, _levels) = (vocabularySize, levels);
        _total = levels[0].Counts.Sum(count => (long)count);
    }

    /// <summary>V; tokens are below it.</summary>
    public int VocabularySize { get; }

    /// <summary>N, most tokens of an n-gram.</summary>
    public int Order => _levels.Length;

    /// <summary>Number of different n-grams, of one token to N.</summary>
    public long Size => _levels.Sum(level => (long)level.Tokens.Length);

    internal IReadOnlyList<NgramLevel> Levels => _levels;

    /// <summary>What followed a context.</summary>
    /// <param name="context">0 to N-1 tokens</param>
    public NgramContinuations Continuations(ReadOnlySpan<int> context)
    {
        int from = 0, to = _levels[0].Tokens.Length;
        long total = _total;
        for (int depth = 0; depth < context.Length; depth++)
        {
            var level = _levels[depth];
            int node = Array.BinarySearch(level.Tokens, from, to - from, context[depth]);
            if (node < 0)
                return default;
            total = level.Counts[node];
            (from, to) = (level.FirstChildren[node], level.FirstChildren[node + 1]);
        }
        var found = _levels[context.Length];
        return new NgramContinuations(found.Tokens.AsSpan(from..to), found.Counts.AsSpan(from..to), total);
    }
}
