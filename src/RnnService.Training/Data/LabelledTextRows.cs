using RnnService.Models.Classification;
using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>Texts of a label each.</summary>
sealed class LabelledTextRows(IReadOnlyList<LabelledText> rows) : ClassifierRows
{
    public IReadOnlyList<LabelledText> Rows => rows;

    public override IEnumerable<Label> Labels => rows.Select(row => row.Label);

    public override IEnumerable<string> Texts => rows.Select(row => row.Text);

    public override ClassifierExample[] Encode(LabelSet labels, ITokenizer? tokenizer, ClassifierSettings settings)
    {
        var frame = new TextFrame(settings.MaxLength);
        return [.. rows.Select(row => new ClassifierExample(frame.Frame(tokenizer!.Encode(row.Text)), [labels.IndexOf(row.Label)]))];
    }
}
