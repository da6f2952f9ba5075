using RnnService.Training.Data;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Data;

public sealed class TableReaderTests
{
    [Fact]
    public void Read_QuotedFields_AreUnquotedAndLinesCounted()
    {
        var rows = Read(TableFormat.Csv, "label,id,text\ngood,1,\"a \"\"b\"\",\nc\"\n\nbad,2,d\n");
        Assert.Equal(["a \"b\",\nc", "d"], rows.Select(row => row.Values[0]));
        Assert.Equal(["good", "bad"], rows.Select(row => row.Values[1]));
        Assert.Equal([2, 5], rows.Select(row => row.Line));
    }

    [Fact]
    public void Read_TabSeparated_TakesQuotationMarksAsTheyStand() =>
        Assert.Equal(["say \"no", "\"x\""], Read(TableFormat.Tsv, "text\tlabel\nsay \"no\tgood\n\"x\"\tbad").Select(row => row.Values[0]));

    [Fact]
    public void Read_JsonLines_TakesTextsAndNumbersAndEmptyForNull()
    {
        var rows = Read(TableFormat.Jsonl, """
            {"label": 1, "text": "a\nb", "more": [1]}

            {"text": null, "label": true}
            """);
        Assert.Equal(["a\nb", "1"], rows[0].Values);
        Assert.Equal(["", "true"], rows[1].Values);
        Assert.Equal([1, 3], rows.Select(row => row.Line));
    }

    [Fact]
    public void Read_JsonLinesWithEscapedMarks_AreTheLettersTheyBelongTo() =>
        Assert.Equal(["café", "x"], Read(TableFormat.Jsonl, """{"text": "cafe\u0301", "label": "x"}""")[0].Values);

    public static TheoryData<TableFormat, string, string> Errors => new()
    {
        { TableFormat.Csv, "text,lable\na,b", "some.txt line 1: no column \"label\"; did you mean \"lable\"? Columns there: text, lable." },
        { TableFormat.Csv, "text,label,text\na,b,c", "some.txt line 1: column \"text\" is there twice; expected different names." },
        { TableFormat.Csv, "text,label\n\"a\nb\",c\nd", "some.txt line 4: found 1 columns, expected 2 (text, label)." },
        { TableFormat.Csv, "text,label\nx,y\n\"a,b", "some.txt line 3: a quotation mark that is never closed; expected" },
        { TableFormat.Csv, "text,label\na \"b,c", "some.txt line 2: a quotation mark inside a field without quotation marks around it" },
        { TableFormat.Csv, "text,label\n\"a\" b,c", "some.txt line 2: text after a closing quotation mark" },
        { TableFormat.Csv, "text,label\n", "some.txt: no rows after the header; expected at least one." },
        { TableFormat.Tsv, "text\tlabel\na\tb\tc", "some.txt line 2: found 3 columns, expected 2 (text, label)." },
        { TableFormat.Tsv, "text,label\na,b", "some.txt line 1: no column \"text\"; Columns there: text,label." },
        { TableFormat.Jsonl, "{\"text\": \"a\", \"label\": \"b\"}\n{\"text\": oops}", "some.txt line 2, column 10: not valid JSON: " },
        { TableFormat.Jsonl, "[1]", "some.txt line 1: found a list, expected one JSON object a line." },
        { TableFormat.Jsonl, "{\"text\": \"a\"}", "some.txt line 1: no column \"label\"; Columns there: text." },
        { TableFormat.Jsonl, "{\"text\": {}, \"label\": \"b\"}", "some.txt line 1: column \"text\" is an object, expected a text or a number." },
    };

    [Theory, MemberData(nameof(Errors))]
    public void Read_MalformedTable_SaysWhatAndWhere(TableFormat format, string content, string expected)
    {
        string message = Assert.Throws<CorpusException>(() => Read(format, content)).Message;
        Assert.StartsWith(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    static TableRow[] Read(TableFormat format, string content) => [.. TableReader.Read(Some.Corpus(content), format, ["text", "label"])];
}
