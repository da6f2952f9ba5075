using System.Runtime.InteropServices;
using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Decoding;

/// <summary>
/// Spells the most probable next words with a beam. A word of a script with blanks is over where no token goes on with it, so its
/// probability is that of its tokens and of anything else after them. Scripts without blanks do not show where a word is over: there it is
/// a token, and what follows almost certainly. Spellings of a word with other tokens add up. One search serves one text.
/// </summary>
/// <param name="pieces">what the model's tokens do</param>
/// <param name="prefix">with what the word begins, case aside; straight apostrophes</param>
/// <param name="top">words wanted</param>
sealed class WordSearch(WordPieces pieces, string prefix, int top)
{
    const int MostTokens = 24;
    const int SmallestBeam = 16, Spare = 4;   // words that look probable at first and then are not
    const double AlmostCertain = 0.8;

    readonly int _beamSize = Math.Max(SmallestBeam, top + Spare);
    readonly PriorityQueue<Beginning, double> _open = new();   // the least probable at the head
    readonly Dictionary<string, double> _words = new(StringComparer.Ordinal);
    readonly float[] _probabilities = new float[pieces.Count];
    double _least;   // only more probable words are among the best

    /// <param name="session">has read <paramref name="textBefore"/></param>
    /// <param name="textBefore">the text, without blanks at the end</param>
    /// <param name="cancellationToken">checked before each step</param>
    public WordPrediction[] Run(StepSession session, string textBefore, CancellationToken cancellationToken)
    {
        ReadProbabilities(session, 0);
        var nothing = new Beginning(0, [], "", true, 1);
        // A token that only the prefix allows may also open a word: a mark.
        foreach (int tokenId in prefix.Length > 0 ? pieces.All : pieces.Openings)
        {
            if (!pieces.GoesOn(textBefore, tokenId))
                Offer(nothing, 0, tokenId);
        }
        for (int tokens = 1; tokens < MostTokens && _open.Count > 0; tokens++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Beginning[] open = [.. _open.UnorderedItems.Select(item => item.Element).Where(word => word.Probability > _least)];
            _open.Clear();
            if (open.Length == 0)
                break;
            session = session.Fork([.. open.Select(word => word.Row)]);
            session.Feed([.. open.Select(word => word.TokenIds[^1])]);
            for (int row = 0; row < open.Length; row++)
            {
                ReadProbabilities(session, row);
                Continue(open[row], row);
            }
            _least = _words.Count < top ? 0 : _words.Values.OrderDescending().ElementAt(top - 1);
        }
        return
        [
            .. _words.OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal).Take(top)
                .Select(word => new WordPrediction(word.Key, word.Value)),
        ];
    }

    void ReadProbabilities(StepSession session, int row)
    {
        session.Logits.Slice(row * pieces.Count, pieces.Count).CopyTo(_probabilities);
        SoftmaxKernel.Softmax(_probabilities);
    }

    void Continue(Beginning word, int row)
    {
        string text = word.Text.TrimStart(' ');
        if (!word.IsWhole)
            OfferAll(word, row, pieces.Bytes);
        else if (text.Length < prefix.Length)
            OfferAll(word, row, pieces.All);
        else if (text.Length == 0)
            OfferAll(word, row, pieces.Openings);
        else if (WordPieces.EndsOpen(text[^1]))
        {
            double goesOn = 0;
            foreach (int tokenId in pieces.Continuations)
                goesOn += _probabilities[tokenId];
            AddWord(text, word.Probability * Math.Max(0, 1 - goesOn));
            OfferAll(word, row, pieces.Continuations);
        }
        else if (WordPieces.IsUnspaced(text[^1]) && pieces.Unspaced.Any(tokenId => _probabilities[tokenId] >= AlmostCertain))
            Offer(word, row, pieces.Unspaced.MaxBy(tokenId => _probabilities[tokenId]));
        else
            AddWord(text, word.Probability);
    }

    void OfferAll(Beginning word, int row, IReadOnlyList<int> tokenIds)
    {
        foreach (int tokenId in tokenIds)
            Offer(word, row, tokenId);
    }

    /// <summary>Keeps a word with one more token if it is among the most probable and agrees with the prefix.</summary>
    void Offer(Beginning word, int row, int tokenId)
    {
        double probability = word.Probability * _probabilities[tokenId];
        if (!(probability > _least) || (_open.Count == _beamSize && _open.TryPeek(out _, out double least) && probability <= least))
            return;
        string added = pieces.TextOf(word.TokenIds, tokenId);
        string text = word.Text + added;
        int[] tokenIds = [.. word.TokenIds, tokenId];
        bool isWhole = added.Length > 0;
        if (added.Contains('\uFFFD') || text.StartsWith("  ", StringComparison.Ordinal) || !Agrees(text.TrimStart(' ')) || !(isWhole || MayAgree(text, tokenIds)))
            return;
        if (_open.Count == _beamSize)
            _open.Dequeue();
        _open.Enqueue(new Beginning(row, tokenIds, text, isWhole, probability), probability);
    }

    bool Agrees(string text) => prefix.Length == 0
        ? text.Length == 0 || WordPieces.BeginsWord(text)
        : string.Compare(text.Replace('’', '\''), 0, prefix, 0, Math.Min(text.Length, prefix.Length), StringComparison.OrdinalIgnoreCase) == 0;

    // The bytes of a character in parts: the prefix with as many blanks as the text has before its word.
    bool MayAgree(string text, int[] tokenIds)
    {
        int covered = text.TrimStart(' ').Length;
        return covered >= prefix.Length || pieces.MayBegin(tokenIds, text + prefix[covered..]);
    }

    void AddWord(string text, double probability)
    {
        // An apostrophe with nothing after it was a quotation mark, or that of a plural.
        text = text.TrimEnd('\'', '’');
        if (text.Length >= Math.Max(1, prefix.Length))
            CollectionsMarshal.GetValueRefOrAddDefault(_words, text, out _) += probability;
    }

    /// <summary>A word that may not be over yet.</summary>
    /// <param name="Row">of the session that has read all its tokens but the last</param>
    /// <param name="TokenIds">its tokens</param>
    /// <param name="Text">what they write, with the blank before it</param>
    /// <param name="IsWhole">whether its last character is complete</param>
    /// <param name="Probability">of the tokens</param>
    readonly record struct Beginning(int Row, int[] TokenIds, string Text, bool IsWhole, double Probability);
}
