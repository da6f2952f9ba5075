using RnnService.Training.Data;
using RnnService.Training.Evaluation;

namespace RnnService.Training.Tests.Evaluation;

public sealed class TranslationScoreTests
{
    static readonly PairSettings s_columns = new(TableFormat.Tsv, "en", "zh", "en", "zh");

    [Fact]
    public void Of_TheRightTexts_ScoresAHundred()
    {
        var score = TranslationScore.Of([new TextPair("she is reading", "她在看书。")], ["她在看书。"], s_columns);
        Assert.Equal((1, 100, 100), (score.Count, Math.Round(score.Bleu, 6), Math.Round(score.ChrF, 6)));
    }

    [Fact]
    public void Of_Chinese_IsSplitIntoCharactersAndOtherTextIsNot()
    {
        TextPair[] pairs = [new TextPair("they are reading books", "她们在看书")];
        Assert.InRange(TranslationScore.Of(pairs, ["他们在看书"], s_columns).Bleu, 66, 67);   // 4/5, 3/4, 2/3, 1/2 of the n-grams
        Assert.Equal(0, TranslationScore.Of(pairs, ["他们在看书"], s_columns with { TargetLanguage = "ja" }).Bleu);
    }

    [Fact]
    public void Of_SourcesOfSeveralLengths_AreScoredByLengthToo()
    {
        TextPair[] pairs = [new("a b c d e", "一二三四五"), new("a b c d e f", "一二三四五"), new("a", "一二三四五")];
        var score = TranslationScore.Of(pairs, ["一二三四五", "九八七六", "一二三四五"], s_columns);
        Assert.Equal([("1-5", 2), ("6-10", 1)], score.BySourceLength.Select(bucket => (bucket.Lengths, bucket.Count)));
        Assert.Equal(100, score.BySourceLength[0].Bleu, 6);
        Assert.Equal(0, score.BySourceLength[1].Bleu);
        Assert.InRange(score.Bleu, 1, 99);
        Assert.Equal(["source length  sentences   BLEU   chrF", "1-5                    2  100.0  100.0", "6-10                   1    0.0    0.0"], score.Table.Split('\n'));
    }
}
