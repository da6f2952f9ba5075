using RnnService.Models.Classification;
using RnnService.Models.Text;
using RnnService.Training.Baselines;
using RnnService.Training.Recipes;

namespace RnnService.Training.Data;

/// <summary>The rows of files as a task of classification has them: their labels, their sequences, and the baselines on them.</summary>
abstract class ClassifierRows
{
    /// <summary>Reads all rows of all files.</summary>
    /// <exception cref="CorpusException">a row is malformed</exception>
    public static ClassifierRows Read(DataSettings settings, Corpus corpus) => settings switch
    {
        LabelledTextSettings text => new TextRows(LabelledText.Read(corpus, text)),
        TaggedTokenSettings tagged => new TaggedRows(TaggedSentence.Read(corpus, tagged)),
        SeriesSettings series => new SeriesRows(SeriesExample.Read(corpus, series), series),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings, "no rows of this kind"),
    };

    /// <summary>Every label of every row.</summary>
    public abstract IEnumerable<Label> Labels { get; }

    /// <summary>Texts to learn a vocabulary from; none for series.</summary>
    public abstract IEnumerable<string> Texts { get; }

    /// <summary>The settings of a model, what it learns from these rows beside weights and vocabulary included.</summary>
    public virtual ClassifierSettings Learn(ClassifierSettings settings) => settings;

    /// <summary>Rows as a model reads them.</summary>
    /// <exception cref="CorpusException">a label is none of the model's</exception>
    public abstract ClassifierExample[] Encode(LabelSet labels, ITokenizer? tokenizer, ClassifierSettings settings);

    /// <summary>What simple methods that learn from these rows reach on others of the same kind.</summary>
    public abstract IReadOnlyList<Baseline> Baselines(LabelSet labels, ClassifierRows validation);

    sealed class TextRows(IReadOnlyList<LabelledText> rows) : ClassifierRows
    {
        readonly IReadOnlyList<LabelledText> _rows = rows;

        public override IEnumerable<Label> Labels => _rows.Select(row => row.Label);

        public override IEnumerable<string> Texts => _rows.Select(row => row.Text);

        public override ClassifierExample[] Encode(LabelSet labels, ITokenizer? tokenizer, ClassifierSettings settings)
        {
            var frame = new TextFrame(settings.MaxLength);
            return [.. _rows.Select(row => new ClassifierExample(frame.Frame(tokenizer!.Encode(row.Text)), [labels.IndexOf(row.Label)]))];
        }

        public override IReadOnlyList<Baseline> Baselines(LabelSet labels, ClassifierRows validation) =>
            TextBaselines.Measure(labels, _rows, ((TextRows)validation)._rows);
    }

    sealed class TaggedRows(IReadOnlyList<TaggedSentence> rows) : ClassifierRows
    {
        readonly IReadOnlyList<TaggedSentence> _rows = rows;

        public override IEnumerable<Label> Labels => _rows.SelectMany(row => row.Tags);

        public override IEnumerable<string> Texts => _rows.Select(row => string.Join(' ', row.Tokens));

        public override ClassifierSettings Learn(ClassifierSettings settings) => settings.Characters is not { } characters ? settings : settings with
        {
            Characters = characters with { Alphabet = CharacterEncoder.LearnAlphabet(_rows.SelectMany(row => row.Tokens)) },
        };

        public override ClassifierExample[] Encode(LabelSet labels, ITokenizer? tokenizer, ClassifierSettings settings) =>
            [.. _rows.SelectMany(row => Parts(row, settings.MaxLength)).Select(part => new ClassifierExample(
                WordTagger.SequenceOf(part.Tokens, tokenizer!), labels.IndicesOf(part.Tags)))];

        public override IReadOnlyList<Baseline> Baselines(LabelSet labels, ClassifierRows validation) =>
            [TagBaselines.MostFrequentTag(labels, _rows, ((TaggedRows)validation)._rows)];

        // A sentence that is too long is tagged in parts, as the tagger does it.
        static IEnumerable<TaggedSentence> Parts(TaggedSentence row, int most) => row.Tokens.Chunk(most).Zip(row.Tags.Chunk(most))
            .Select(part => new TaggedSentence(part.First, part.Second));
    }

    sealed class SeriesRows(IReadOnlyList<SeriesExample> rows, SeriesSettings data) : ClassifierRows
    {
        readonly IReadOnlyList<SeriesExample> _rows = rows;

        public override IEnumerable<Label> Labels => _rows.Select(row => row.Label);

        public override IEnumerable<string> Texts => [];

        public override ClassifierSettings Learn(ClassifierSettings settings) => settings with
        {
            Series = SeriesFeatures.Learn(data.Features, data.Window, _rows.SelectMany(row => row.Steps.ToArray()).ToArray()),
        };

        public override ClassifierExample[] Encode(LabelSet labels, ITokenizer? tokenizer, ClassifierSettings settings) =>
            [.. _rows.Select(row => new ClassifierExample(settings.Series!.Read(row.Steps.Span), [labels.IndexOf(row.Label)]))];

        public override IReadOnlyList<Baseline> Baselines(LabelSet labels, ClassifierRows validation) =>
            SeriesBaselines.Measure(labels, _rows, ((SeriesRows)validation)._rows);
    }
}
