using RnnService.Training.Data;
using RnnService.Training.Preparation;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Preparation;

public sealed class DialoguesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WritePairs_Turns_AreRepliesToThoseBeforeThemOneALine()
    {
        string dialogues = _folder.Write("a.jsonl", """{"id": 1, "turns": ["Hi.", "Hello, \"you\"!", " ", "你好。"]}""");
        Assert.Equal(2, Dialogues.WritePairs(Corpus.Read([dialogues]), turns: 2, Output));
        Assert.Equal(
            ["""{"source":"Hi.","target":"Hello, \"you\"!"}""", """{"source":"Hi.\nHello, \"you\"!","target":"你好。"}"""],
            File.ReadAllLines(Output));
        Dialogues.WritePairs(Corpus.Read([dialogues]), turns: 1, Output);
        Assert.Equal("""{"source":"Hello, \"you\"!","target":"你好。"}""", File.ReadAllLines(Output)[1]);
    }

    [Fact]
    public void WritePairs_QuestionsAndAnswers_PassThrough()
    {
        string answers = _folder.Write("b.tsv", "topic\tquestion\tanswer\nx\tWho?\tMe.\n");
        Assert.Equal(2, Dialogues.WritePairs(Corpus.Read([answers, answers]), turns: 3, Output));
        Assert.Equal(Enumerable.Repeat("""{"source":"Who?","target":"Me."}""", 2), File.ReadAllLines(Output));
    }

    [Fact]
    public void WriteLines_Turns_AreLines()
    {
        string dialogues = _folder.Write("a.jsonl", """{"turns": ["一\n二", "三"]}""" + "\n" + """{"turns": ["四"]}""");
        Assert.Equal(3, Dialogues.WriteLines(Corpus.Read([dialogues]), Output));
        Assert.Equal("一 二\n三\n四\n", File.ReadAllText(Output));
    }

    [Theory]
    [InlineData("""{"turn": ["a", "b"]}""", "line 1: no column \"turns\"; did you mean \"turn\"? Columns there: turn.")]
    [InlineData("""{"turns": "a"}""", "line 1: column \"turns\" is \"a\", expected a list of texts.")]
    [InlineData("""{"turns": ["a", 1]}""", "line 1: column \"turns\" is a list, expected a list of texts.")]
    [InlineData("""{"turns": ["a"]}""", ": found no turn to write, expected dialogues of two turns or more.")]
    [InlineData("""["a"]""", "line 1: found a list, expected one JSON object a line.")]
    [InlineData("""{"turns": ["a", "\ud800"]}""", "line 1: found half of a surrogate pair")]
    [InlineData("""{"\ud800": ["a", "b"]}""", "line 1: found half of a surrogate pair")]
    [InlineData("{\"turns\": [", "line 1, column 12: not valid JSON: ")]
    public void WritePairs_MalformedFile_SaysWhere(string rows, string expected)
    {
        var corpus = Corpus.Read([_folder.Write("a.jsonl", rows)]);
        Assert.Contains(expected, Assert.Throws<CorpusException>(() => Dialogues.WritePairs(corpus, turns: 1, Output)).Message, StringComparison.Ordinal);
    }

    string Output => Path.Combine(_folder.Path, "out.txt");
}
