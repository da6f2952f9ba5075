using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace RnnService.Models.Text;

/// <summary>
/// Makes a tokenizer from text: the most frequent tokens become the vocabulary, most frequent first, equals in a fixed order, so that the
/// same text gives the same ids.
/// </summary>
public static class TokenizerTrainer
{
    /// <summary>Counts the tokens of <paramref name="lines"/> and keeps the most frequent.</summary>
    /// <param name="settings">what a token is and how many there may be</param>
    /// <param name="lines">lines without their line ends; read once</param>
    /// <exception cref="ArgumentException">a setting is out of range; the message names it</exception>
    public static ITokenizer Train(TokenizerSettings settings, IEnumerable<string> lines)
    {
        if (settings.VocabularySize <= Vocabulary.SpecialTokens.Count)
            throw new ArgumentException(
                $"tokenizer.vocabularySize: found {settings.VocabularySize}, expected more than the {Vocabulary.SpecialTokens.Count} special tokens.");
        if (settings.MinCount < 1)
            throw new ArgumentException($"tokenizer.minCount: found {settings.MinCount}, expected 1 or more.");
        return settings.Type switch
        {
            TokenizerKind.Word => TrainWords(settings, lines),
            _ when settings.Pretokenized => throw new ArgumentException(
                "tokenizer.pretokenized: found true, expected it with type 'word' only."),
            TokenizerKind.Char => TrainCharacters(settings, lines),
            _ => TrainBytePairs(settings, lines),
        };
    }

    static BytePairTokenizer TrainBytePairs(TokenizerSettings settings, IEnumerable<string> lines)
    {
        if (settings.Lowercase)
            throw new ArgumentException("tokenizer.lowercase: found true with type 'bpe', which keeps every text as it is, expected false.");
        if (settings.VocabularySize < BytePairTokenizer.SmallestVocabulary)
            throw new ArgumentException(
                $"tokenizer.vocabularySize: found {settings.VocabularySize} with type 'bpe', expected {BytePairTokenizer.SmallestVocabulary} or more: the special tokens and 256 bytes.");
        return BytePairTrainer.Train(settings.VocabularySize, settings.MinCount, lines);
    }

    static CharTokenizer TrainCharacters(TokenizerSettings settings, IEnumerable<string> lines)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            foreach (var character in line.EnumerateRunes())
                CollectionsMarshal.GetValueRefOrAddDefault(counts, CharTokenizer.Fold(character, settings.Lowercase).ToString(), out _)++;
            CollectionsMarshal.GetValueRefOrAddDefault(counts, "\n", out _)++;
        }
        return new CharTokenizer(MostFrequent(counts, settings), settings.Lowercase);
    }

    static WordTokenizer TrainWords(TokenizerSettings settings, IEnumerable<string> lines)
    {
        var surfaces = CountSurfaces(settings.Pretokenized ? WordPattern.BetweenBlanks : WordPattern.Words, lines);
        var counts = new Dictionary<string, long>(surfaces.Count, StringComparer.Ordinal);
        foreach (var (surface, count) in surfaces)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, TextFolding.Fold(surface, settings.Lowercase), out _) += count.All;
        var vocabulary = MostFrequent(counts, settings);
        var forms = settings.Lowercase ? MostFrequentForms(surfaces, vocabulary) : null;
        return new WordTokenizer(vocabulary, settings.Lowercase, settings.Pretokenized, forms);
    }

    // Counts each written form (typographic marks made straight): everywhere, and where no sentence starts.
    static Dictionary<string, SurfaceCount> CountSurfaces(Regex pattern, IEnumerable<string> lines)
    {
        var counts = new Dictionary<string, SurfaceCount>(StringComparer.Ordinal);
        var countsBySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        char[] buffer = new char[256];
        foreach (string line in lines)
        {
            bool startsSentence = true;
            foreach (var match in pattern.EnumerateMatches(line))
            {
                if (match.Length > buffer.Length)
                    buffer = new char[match.Length];
                var surface = buffer.AsSpan(0, match.Length);
                TextFolding.Fold(line.AsSpan(match.Index, match.Length), lowercase: false, surface);
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(countsBySpan, surface, out _);
                count.All++;
                if (!startsSentence)
                    count.InsideSentence++;
                // Opening marks do not hide a sentence's start.
                startsSentence = surface is "." or "!" or "?" or ":" || startsSentence && !char.IsLetterOrDigit(surface[0]);
            }
        }
        return counts;
    }

    static Dictionary<string, string> MostFrequentForms(Dictionary<string, SurfaceCount> surfaces, Vocabulary vocabulary)
    {
        var best = new Dictionary<string, (string Form, SurfaceCount Count)>(StringComparer.Ordinal);
        foreach (var (surface, count) in surfaces)
        {
            string token = TextFolding.Fold(surface, lowercase: true);
            if (vocabulary.IdOf(token) == Vocabulary.UnknownId)
                continue;
            if (!best.TryGetValue(token, out var found) || IsMoreFrequent((surface, count), found))
                best[token] = (surface, count);
        }
        return best.Where(pair => pair.Value.Form != pair.Key).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Form, StringComparer.Ordinal);
    }

    static bool IsMoreFrequent((string Form, SurfaceCount Count) one, (string Form, SurfaceCount Count) other)
    {
        int order = one.Count.InsideSentence.CompareTo(other.Count.InsideSentence);
        if (order == 0)
            order = one.Count.All.CompareTo(other.Count.All);
        return order == 0 ? string.CompareOrdinal(one.Form, other.Form) > 0 : order > 0;
    }

    static Vocabulary MostFrequent(Dictionary<string, long> counts, TokenizerSettings settings)
    {
        foreach (string special in Vocabulary.SpecialTokens)
            counts.Remove(special);
        return new Vocabulary(counts
            .Where(pair => pair.Value >= settings.MinCount)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(settings.VocabularySize - Vocabulary.SpecialTokens.Count)
            .Select(pair => pair.Key));
    }

    struct SurfaceCount
    {
        public long All;
        public long InsideSentence;
    }
}
