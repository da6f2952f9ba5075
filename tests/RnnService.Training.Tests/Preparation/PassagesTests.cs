using RnnService.Training.Data;
using RnnService.Training.Preparation;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Preparation;

public sealed class PassagesTests : IDisposable
{
    readonly string _output = Path.GetTempFileName();

    public void Dispose() => File.Delete(_output);

    [Fact]
    public void Prepare_LongText_EndsPassagesWithTheSentenceThatReachesTheLength()
    {
        var counts = Prepare("label\ttext\nbad\tdull . very dull ! the end of it came late . thanks\n", leastWords: 4);
        Assert.Equal((1, 3), counts);
        Assert.Equal(["label\ttext", "bad\tdull . very dull !", "bad\tthe end of it came late .", "bad\tthanks"], File.ReadAllLines(_output));
    }

    [Fact]
    public void Prepare_RepeatedAndEmptyTexts_GiveNothing()
    {
        var counts = Prepare("label\ttext\ngood\tfine\ngood\t\ngood\tfine\n", leastWords: 1);
        Assert.Equal((3, 1), counts);
        Assert.Equal(["label\ttext", "good\tfine"], File.ReadAllLines(_output));
    }

    [Fact]
    public void Prepare_MissingLabel_NamesFileLineAndColumn()
    {
        var error = Assert.Throws<CorpusException>(() => Prepare("label\ttext\n\tfine\n", leastWords: 1));
        Assert.Contains("line 2: column \"label\" is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_RowThatIsWrong_KeepsTheFileBefore()
    {
        File.WriteAllText(_output, "good as it was");
        Assert.Throws<CorpusException>(() => Prepare("label\ttext\ngood\tfine\n\tfine too\n", leastWords: 1));
        Assert.Equal("good as it was", File.ReadAllText(_output));
    }

    [Fact]
    public void Prepare_FolderToWriteTo_SaysSo()
    {
        string folder = Path.GetTempPath();
        var error = Assert.Throws<TrainingException>(() =>
            Passages.Prepare(Some.Corpus("label\ttext\ngood\tfine\n"), TableFormat.Tsv, "text", "label", 1, folder));
        Assert.Equal($"{folder}: is a folder, expected the path of a file to write.", error.Message);
    }

    (int, int) Prepare(string content, int leastWords) =>
        Passages.Prepare(Some.Corpus(content), TableFormat.Tsv, "text", "label", leastWords, _output);
}
