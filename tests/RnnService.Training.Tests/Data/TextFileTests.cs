using System.Text;
using RnnService.Training.Data;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Data;

public sealed class TextFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_LineEndsAndByteOrderMark_AreNormalised()
    {
        var file = TextFile.Read(_folder.Write("a.txt", "\uFEFFone\r\n\r\n  \r\ntwo"));
        Assert.Equal("one\n\n  \ntwo", file.Text);
        Assert.Equal(["one", "two"], file.Lines);
    }

    [Fact]
    public void Read_MarksOfTheirOwn_BecomePartOfTheirLetters() =>
        Assert.Equal("le café", TextFile.Read(_folder.Write("a.txt", "le cafe\u0301")).Text);

    [Fact]
    public void Read_SeparatorsWithinALine_StayInIt() =>
        Assert.Equal("one\u2028and\fa half\ntwo", TextFile.Read(_folder.Write("a.txt", "one\u2028and\fa half\rtwo")).Text);

    [Fact]
    public void Read_BadByte_NamesLineAndOffset()
    {
        string path = _folder.Write("bad.txt", [.. Encoding.UTF8.GetBytes("é\nab"), 0xC3, (byte)'x']);
        var exception = Assert.Throws<CorpusException>(() => TextFile.Read(path));
        Assert.Equal($"{path} line 2: byte 5 (0xC3) is not UTF-8; save the file as UTF-8.", exception.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData(" \n\t\n")]
    public void Read_NoText_SaysSo(string content)
    {
        string path = _folder.Write("empty.txt", content);
        Assert.Equal($"{path}: the file is empty; give a file with at least one line of text.", Assert.Throws<CorpusException>(() => TextFile.Read(path)).Message);
    }

    [Fact]
    public void Read_MissingFile_SaysSo() =>
        Assert.StartsWith("nowhere.txt: no such file", Assert.Throws<CorpusException>(() => TextFile.Read("nowhere.txt")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_Folder_SaysSo() =>
        Assert.Contains("is a folder", Assert.Throws<CorpusException>(() => TextFile.Read(_folder.Path)).Message, StringComparison.Ordinal);
}
