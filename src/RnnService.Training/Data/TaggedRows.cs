using RnnService.Models.Classification;
using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>Sentences with a tag for each word.</summary>
sealed class TaggedRows(IReadOnlyList<TaggedSentence> rows) : ClassifierRows
{
    public IReadOnlyList<TaggedSentence> Rows => rows;

    public override IEnumerable<Label> Labels => rows.SelectMany(row => row.Tags);

    public override IEnumerable<string> Texts => rows.Select(row => string.Join(' ', row.Tokens));

    public override ClassifierSettings Learn(ClassifierSettings settings) => settings.Characters is not { } characters ? settings : settings with
    {
        Characters = characters with { Alphabet = CharacterEncoder.LearnAlphabet(rows.SelectMany(row => row.Tokens)) },
    };

    public override ClassifierExample[] Encode(LabelSet labels, ITokenizer? tokenizer, ClassifierSettings settings) =>
        [.. rows.SelectMany(row => Parts(row, settings.MaxLength)).Select(part => new ClassifierExample(
            WordTagger.SequenceOf(part.Tokens, tokenizer!), labels.IndicesOf(part.Tags)))];

    // A sentence that is too long is tagged in parts, as the tagger does it.
    static IEnumerable<TaggedSentence> Parts(TaggedSentence row, int most) => row.Tokens.Chunk(most).Zip(row.Tags.Chunk(most))
        .Select(part => new TaggedSentence(part.First, part.Second));
}
