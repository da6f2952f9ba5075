using RnnService.Models.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Seq2Seq;

/// <summary>A text to translate: cut into parts that a model reads one by one, and put together again from their translations.</summary>
sealed class SourceText
{
    readonly string _text;
    readonly ITokenizer _tokenizer;
    readonly List<TextSpan> _parts = [];
    readonly HashSet<int> _closed = [];

    /// <param name="text">any text</param>
    /// <param name="tokenizer">the model's</param>
    /// <param name="longest">the most tokens of a part; sentences that have more are cut at a comma, else at a blank, else anywhere</param>
    /// <param name="wholeSentences">whether sentences without capital or end mark are read with them</param>
    public SourceText(string text, ITokenizer tokenizer, int longest, bool wholeSentences)
    {
        (_text, _tokenizer) = (text, tokenizer);
        var read = new List<string>();
        foreach (var sentence in SentenceSplitter.Split(text))
        {
            int first = _parts.Count;
            Cut(sentence, longest);
            read.AddRange(_parts.Skip(first).Select(part => part.Of(text)));
            if (wholeSentences)
                Complete(read, first);
        }
        Parts = [.. read.Select(tokenizer.Encode).Select(ids => ids[..Math.Min(ids.Length, longest)])];
    }

    /// <summary>Token ids of the parts.</summary>
    public IReadOnlyList<int[]> Parts { get; }

    /// <summary>The translation, with what stood between the parts: line breaks, and blanks where the target has them.</summary>
    /// <param name="translations">of each part its hypotheses, best first</param>
    /// <param name="alternatives">other translations wanted</param>
    public Translation Join(IReadOnlyList<Hypothesis[]> translations, int alternatives)
    {
        List<ScoredText> texts = [new ScoredText("", 0)];
        int end = 0;
        for (int part = 0; part < _parts.Count; part++)
        {
            string gap = _text[end.._parts[part].Start];
            ScoredText[] choices = [.. translations[part].Select(hypothesis => new ScoredText(TextOf(part, hypothesis), hypothesis.Score))];
            // The best combinations of all parts begin with the best of the parts so far, because scores add up.
            texts = [.. texts
                .SelectMany(before => choices.Select(choice => new ScoredText(Append(before.Text, gap, choice.Text), before.Score + choice.Score)))
                .OrderByDescending(text => text.Score)
                .DistinctBy(text => text.Text)
                .Take(alternatives + 1)];
            end = _parts[part].End;
        }
        string rest = _text[end..];
        texts = texts.ConvertAll(text => new ScoredText(text.Text + rest, text.Score / Math.Max(1, _parts.Count)));
        int tokens = Parts.Sum(part => part.Length) + translations.Sum(hypotheses => hypotheses[0].TokenIds.Length);
        return new Translation(texts[0].Text, texts[0].Score, [.. texts.Skip(1)], Align(translations), tokens);
    }

    string TextOf(int part, Hypothesis hypothesis)
    {
        string text = _tokenizer.Decode(hypothesis.TokenIds).Trim();
        return _closed.Contains(part) ? SentenceForm.Reopen(text) : text;
    }

    // The sentence whose parts are those from the first on.
    void Complete(List<string> parts, int first)
    {
        parts[first] = SentenceForm.Begin(parts[first]);
        if (!SentenceForm.IsOpen(parts[^1]))
            return;
        _closed.Add(parts.Count - 1);
        parts[^1] = SentenceForm.Close(parts[^1]);
    }

    Alignment? Align(IReadOnlyList<Hypothesis[]> translations)
    {
        if (!translations.Any(hypotheses => hypotheses[0].Attention.Count > 0))
            return null;
        string[] source = [.. Parts.SelectMany(part => part).Select(_tokenizer.Display)];
        string[] target = [.. translations.SelectMany(hypotheses => hypotheses[0].TokenIds).Select(_tokenizer.Display)];
        var weights = new List<float[]>(target.Length);
        int firstToken = 0;
        foreach (var (part, hypotheses) in Parts.Zip(translations))
        {
            foreach (float[] ofPart in hypotheses[0].Attention)
            {
                float[] row = new float[source.Length];
                ofPart.AsSpan(0, part.Length).CopyTo(row.AsSpan(firstToken));
                weights.Add(row);
            }
            firstToken += part.Length;
        }
        return new Alignment(source, target, weights);
    }

    static string Append(string before, string gap, string text)
    {
        if (gap.AsSpan().ContainsAny('\n', '\r') || before.Length == 0 || text.Length == 0)
            return before + gap + text;
        if (WordPattern.IsUnspaced(before[^1]) || WordPattern.IsUnspaced(text[0]))
            return before + text;
        return before + (gap.Length > 0 ? gap : " ") + text;
    }

    void Cut(TextSpan part, int longest)
    {
        var tokens = _tokenizer.Tokenize(part.Of(_text));
        if (tokens.Count <= longest || CutPlace(part, tokens, longest) is not { } place)
        {
            _parts.Add(part);
            return;
        }
        // Each half is counted again: where a blank is cut off, a word may have other tokens.
        Cut(TextSpan.Trimmed(_text, part.Start, place), longest);
        Cut(TextSpan.Trimmed(_text, place, part.End), longest);
    }

    /// <summary>The best place to cut near that which makes the parts equally long; null where there is none.</summary>
    int? CutPlace(TextSpan part, IReadOnlyList<Token> tokens, int longest)
    {
        int parts = (tokens.Count + longest - 1) / longest, middle = tokens.Count / parts;
        return Enumerable.Range(1, tokens.Count - 1)
            .Where(index => tokens[index].Start > 0 && tokens[index].Length > 0)
            .OrderBy(index => index >= middle / 2 && index <= longest ? 0 : 1)
            .ThenByDescending(index => Fitness(part.Start + tokens[index].Start))
            .ThenBy(index => Math.Abs(index - middle))
            .Select(index => (int?)(part.Start + tokens[index].Start))
            .FirstOrDefault();
    }

    int Fitness(int place)
    {
        if (_text[place - 1] is ',' or ';' or ':' or '，' or '；' or '：' or '、')
            return 2;
        return char.IsWhiteSpace(_text[place]) || char.IsWhiteSpace(_text[place - 1]) ? 1 : 0;
    }
}
