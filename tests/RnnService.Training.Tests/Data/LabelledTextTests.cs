using RnnService.Training.Data;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Data;

public sealed class LabelledTextTests
{
    static readonly LabelledTextSettings s_columns = new(TableFormat.Tsv, ["title", "text"], "label");

    [Fact]
    public void Read_TwoTextColumns_JoinsWhatIsThere()
    {
        var rows = LabelledText.Read(Some.Corpus("text\tlabel\ttitle\nfits well\tgood\tNice\ntoo small\tbad\t\n\tbad\t"), s_columns);
        Assert.Equal(["Nice fits well", "too small", ""], rows.Select(row => row.Text));
        Assert.Equal(new Label("bad", "some.txt", 3), rows[1].Label);
    }

    [Fact]
    public void Read_RowWithoutLabel_SaysWhere() => Assert.Equal(
        "some.txt line 3: column \"label\" is empty, expected the row's label.",
        Error(() => LabelledText.Read(Some.Corpus("title\ttext\tlabel\na\tb\tgood\na\tb\t "), s_columns)));

    [Fact]
    public void Of_Labels_AreOrderedAndFound()
    {
        var labels = LabelSet.Of([At("b", 1), At("a", 2), At("b", 3)]);
        Assert.Equal(["a", "b"], labels.Names);
        Assert.Equal([1, 0], labels.IndicesOf([At("b", 1), At("a", 2)]));
    }

    [Fact]
    public void Of_OneLabel_SaysThatThereIsNothingToTellApart() => Assert.Equal(
        "some.txt line 1: \"a\" is the only label of the training data; expected two or more.",
        Error(() => LabelSet.Of([At("a", 1), At("a", 2)])));

    [Fact]
    public void IndexOf_LabelOfNoTrainingRow_SaysWhichThereAre() => Assert.Equal(
        "some.txt line 7: label \"c\" is none of the model's; expected a or b.",
        Error(() => LabelSet.Of([At("a", 1), At("b", 2)]).IndexOf(At("c", 7))));

    static Label At(string name, int line) => new(name, "some.txt", line);

    static string Error(Action read) => Assert.Throws<CorpusException>(read).Message;
}
