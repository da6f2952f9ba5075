namespace RnnService.Training;

/// <summary>Finds what a misspelt name was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>The candidate with the fewest edits from <paramref name="name"/>, or null when all are far from it.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        int limit = Math.Max(2, name.Length / 3);
        return candidates
            .Select(candidate => (candidate, Edits: EditDistance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.Edits <= limit)
            .OrderBy(pair => pair.Edits)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein's distance: the fewest insertions, deletions and replacements of a character.</summary>
    static int EditDistance(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        int[] current = new int[to.Length + 1];
        for (int i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replace = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, 1 + Math.Min(previous[j], current[j - 1]));
            }
            (previous, current) = (current, previous);
        }
        return previous[to.Length];
    }
}
