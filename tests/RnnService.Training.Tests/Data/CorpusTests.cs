using RnnService.Models.Text;
using RnnService.Training.Data;

namespace RnnService.Training.Tests.Data;

public sealed class CorpusTests
{
    [Fact]
    public void Encode_Words_FramesEachLineWithEos()
    {
        var corpus = CorpusOf("a b\n\nc", "b");
        var lines = corpus.Encode(TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Word }, corpus.Lines));
        int b = 4, a = 5, c = 6;   // most frequent first
        Assert.Equal([3, a, b, 3, c, 3, b, 3], lines.Stream.ToArray());
        Assert.Equal(3, lines.LineCount);
        Assert.Equal([a, b, 3], lines.Line(0).ToArray());
    }

    [Fact]
    public void Encode_Characters_KeepsTheRunningText()
    {
        var corpus = CorpusOf("ab\n\na");
        var tokenizer = TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Char }, corpus.Lines);
        var lines = corpus.Encode(tokenizer);
        Assert.Equal("ab\n\na", tokenizer.Decode(lines.Stream.Span));
        Assert.Equal(0, lines.LineCount);
    }

    [Fact]
    public void Encode_OneCharacter_ThrowsBecauseNothingIsPredicted()
    {
        var corpus = CorpusOf("a");
        var tokenizer = TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Char }, corpus.Lines);
        Assert.Contains("at least two", Assert.Throws<CorpusException>(() => corpus.Encode(tokenizer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sha256_DependsOnTextAndOrderButNotOnPath()
    {
        Assert.Equal(CorpusOf("a", "b").Sha256, new Corpus([.. CorpusOf("a", "b").Files.Select(file => file with { Path = "elsewhere" })]).Sha256);
        Assert.NotEqual(CorpusOf("a", "b").Sha256, CorpusOf("b", "a").Sha256);
    }

    [Fact]
    public void ShuffledStream_AnySeed_KeepsLinesWholeAndEosBetween()
    {
        var lines = TokenLines.FromLines([[10, 11], [20], [50, 51, 52], [40, 41]]);
        int[] shuffled = lines.ShuffledStream(5).ToArray();
        Assert.Equal(lines.Stream.Length, shuffled.Length);
        Assert.Equal((3, 3), (shuffled[0], shuffled[^1]));
        Assert.Equal(["10 11", "20", "40 41", "50 51 52"], Lines(shuffled).Order(StringComparer.Ordinal));
        Assert.Equal(shuffled, lines.ShuffledStream(5).ToArray());
        Assert.NotEqual(shuffled, lines.ShuffledStream(6).ToArray());
    }

    static string[] Lines(int[] stream) => string.Join(' ', stream).Split(" 3")[..^1].Select(line => line.TrimStart('3', ' ')).ToArray();

    static Corpus CorpusOf(params string[] texts) => new([.. texts.Select(text => new TextFile("some.txt", text, $"hash of {text}"))]);
}
