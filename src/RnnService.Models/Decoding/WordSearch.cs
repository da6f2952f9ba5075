using System.Runtime.InteropServices;
using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Decoding;

/// <summary>
/// Spells the most probable next words with a beam. A word of a script with blanks is over where no token goes on with it, so its
/// probability is that of its tokens and of anything else after them. Scripts without blanks do not show where a word is over: there it is
/// a token, and what follows almost certainly. Spellings of a word with other tokens add up. Where the end of the text was not read, all
/// spellings go over it, and a word's probability is its share of them. One search serves one text.
/// </summary>
/// <param name="pieces">what the model's tokens do</param>
/// <param name="before">the text, without blanks at the end</param>
/// <param name="wordPrefix">with what the word begins, case aside; straight apostrophes</param>
/// <param name="top">words wanted</param>
sealed class WordSearch(WordPieces pieces, PromptText before, string wordPrefix, int top)
{
    const int MostTokens = 24;
    const int SmallestBeam = 16, Spare = 4;   // words that look probable at first and then are not
    const double AlmostCertain = 0.8;

    readonly string _prefix = before.Reopened + wordPrefix;
    readonly int _reopened = before.Reopened.Length;
    readonly int _beamSize = Math.Max(SmallestBeam, top + Spare);
    readonly PriorityQueue<Beginning, double> _open = new();   // the least probable at the head
    readonly Dictionary<string, double> _words = new(StringComparer.Ordinal);
    readonly float[] _probabilities = new float[pieces.Count];
    double _ofReopened;   // of all spellings of what was not read
    double _least;   // only more probable words are among the best

    /// <param name="session">has read the tokens of the text</param>
    /// <param name="cancellationToken">checked before each step</param>
    public WordPrediction[] Run(StepSession session, CancellationToken cancellationToken)
    {
        ReadProbabilities(session, 0);
        var nothing = new Beginning(0, [], "", true, 1);
        // A token that only the prefix allows may also open a word: a mark.
        foreach (int tokenId in _prefix.Length > 0 ? pieces.All : pieces.Openings)
        {
            if (!pieces.GoesOn(before.Text, tokenId))
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
                .Select(word => new WordPrediction(word.Key, _reopened == 0 ? word.Value : word.Value / _ofReopened)),
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
        else if (text.Length < _prefix.Length)
            OfferAll(word, row, pieces.All);
        else if (text.Length == _reopened)
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
        bool isReopening = word.Text.Length < _reopened;
        if (!isReopening && !IsAmongTheBest(probability))
            return;
        string added = pieces.TextOf(word.TokenIds, tokenId);
        string text = word.Text + added;
        int[] tokenIds = [.. word.TokenIds, tokenId];
        bool isWhole = added.Length > 0;
        if (added.Contains('\uFFFD') || !HasBlanksOfAWord(text) || !Agrees(text.TrimStart(' ')) || !(isWhole || MayAgree(text, tokenIds)))
            return;
        if (isReopening && text.Length >= _reopened)
            _ofReopened += probability;
        if (!IsAmongTheBest(probability))
            return;
        if (_open.Count == _beamSize)
            _open.Dequeue();
        _open.Enqueue(new Beginning(row, tokenIds, text, isWhole, probability), probability);
    }

    bool IsAmongTheBest(double probability) =>
        probability > _least && !(_open.Count == _beamSize && _open.TryPeek(out _, out double least) && probability <= least);

    // One before it, but none before what was not read.
    bool HasBlanksOfAWord(string text) => !text.StartsWith(_reopened > 0 ? " " : "  ", StringComparison.Ordinal);

    bool Agrees(string text) =>
        string.Compare(text.Replace('’', '\''), 0, _prefix, 0, Math.Min(text.Length, _prefix.Length), StringComparison.OrdinalIgnoreCase) == 0
        && (wordPrefix.Length > 0 || text.Length <= _reopened || WordPieces.BeginsWord(text[_reopened..]));

    // The bytes of a character in parts: the prefix with as many blanks as the text has before its word.
    bool MayAgree(string text, int[] tokenIds)
    {
        int covered = text.TrimStart(' ').Length;
        return covered >= _prefix.Length || pieces.MayBegin(tokenIds, text + _prefix[covered..]);
    }

    void AddWord(string text, double probability)
    {
        // An apostrophe with nothing after it was a quotation mark, or that of a plural.
        text = text.TrimEnd('\'', '’');
        if (text.Length >= Math.Max(_reopened + 1, _prefix.Length))
            CollectionsMarshal.GetValueRefOrAddDefault(_words, text[_reopened..], out _) += probability;
    }

    /// <summary>A word that may not be over yet.</summary>
    /// <param name="Row">of the session that has read all its tokens but the last</param>
    /// <param name="TokenIds">its tokens</param>
    /// <param name="Text">what they write, with the blank before it</param>
    /// <param name="IsWhole">whether its last character is complete</param>
    /// <param name="Probability">of the tokens</param>
    readonly record struct Beginning(int Row, int[] TokenIds, string Text, bool IsWhole, double Probability);
}
