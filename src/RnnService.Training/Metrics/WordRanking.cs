using RnnService.Models.Text;

namespace RnnService.Training.Metrics;

/// <summary>
/// Finds a target's rank among a model's guesses. Forms of a word that differ only in case are one guess, as probable as the most
/// probable form; special tokens are no guesses.
/// </summary>
sealed class WordRanking
{
    const int Ranks = 3;
    const int NoGuess = -1;
    readonly int[] _guesses;   // [V]: the id shared by all forms of the token's word
    readonly bool[] _isWord;   // [V]: the token contains a letter or digit

    public WordRanking(Vocabulary vocabulary)
    {
        _guesses = new int[vocabulary.Count];
        _isWord = new bool[vocabulary.Count];
        var firstForms = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (int id = 0; id < vocabulary.Count; id++)
        {
            string token = vocabulary[id];
            bool special = id is Vocabulary.PadId or Vocabulary.UnknownId or Vocabulary.BosId or Vocabulary.EosId;
            _isWord[id] = !special && IsWord(token);
            if (special)
                _guesses[id] = NoGuess;
            else if (firstForms.TryAdd(token, id))
                _guesses[id] = id;
            else
                _guesses[id] = firstForms[token];
        }
    }

    /// <summary>Whether a token is a word: it contains a letter or digit.</summary>
    public static bool IsWord(string token) => token.EnumerateRunes().Any(System.Text.Rune.IsLetterOrDigit);

    /// <summary>Counts one asked word.</summary>
    /// <param name="logits">[V]</param>
    /// <param name="target">the word's token id; an unknown one is never guessed</param>
    public NextWordAccuracy Score(ReadOnlySpan<float> logits, int target)
    {
        if (_guesses[target] == NoGuess)
            return new NextWordAccuracy(1, 0, 0, 0, 0);
        int rank = RankOf(logits, target, wordsOnly: false);
        int rankOfWords = RankOf(logits, target, wordsOnly: true);
        return new NextWordAccuracy(1, Count(rank == 0), Count(rank < Ranks), Count(rankOfWords == 0), Count(rankOfWords < Ranks));

        static long Count(bool hit) => hit ? 1 : 0;
    }

    // Number of guesses more probable than the target, Ranks at most. Of equals the one with the lower id comes first.
    int RankOf(ReadOnlySpan<float> logits, int target, bool wordsOnly)
    {
        int guess = _guesses[target];
        int best = target;   // the target's most probable form
        for (int id = 0; id < logits.Length; id++)
        {
            if (_guesses[id] == guess && IsBefore(logits, id, best))
                best = id;
        }

        Span<int> before = stackalloc int[Ranks];
        int rank = 0;
        for (int id = 0; id < logits.Length && rank < Ranks; id++)
        {
            if (IsBefore(logits, id, best) && _guesses[id] != NoGuess && (_isWord[id] || !wordsOnly) && !before[..rank].Contains(_guesses[id]))
                before[rank++] = _guesses[id];
        }
        return rank;
    }

    static bool IsBefore(ReadOnlySpan<float> logits, int id, int other) =>
        logits[id] > logits[other] || (logits[id] == logits[other] && id < other);
}
