using RnnService.Models.Classification;
using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>Series of numbers of a label each.</summary>
sealed class SeriesRows(IReadOnlyList<SeriesExample> rows, SeriesSettings data) : ClassifierRows
{
    public IReadOnlyList<SeriesExample> Rows => rows;

    public override IEnumerable<Label> Labels => rows.Select(row => row.Label);

    public override IEnumerable<string> Texts => [];

    public override ClassifierSettings Learn(ClassifierSettings settings) => settings with
    {
        Series = SeriesFeatures.Learn(data.Features, data.Window, rows.SelectMany(row => row.Steps.ToArray()).ToArray()),
    };

    public override ClassifierExample[] Encode(LabelSet labels, ITokenizer? tokenizer, ClassifierSettings settings) =>
        [.. rows.Select(row => new ClassifierExample(settings.Series!.Read(row.Steps.Span), [labels.IndexOf(row.Label)]))];
}
