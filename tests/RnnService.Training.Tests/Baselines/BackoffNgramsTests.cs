using RnnService.Models.Text;
using RnnService.Training.Baselines;

namespace RnnService.Training.Tests.Baselines;

public sealed class BackoffNgramsTests
{
    static readonly ITokenizer s_words = TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Word, Lowercase = false }, ["a"]);

    [Fact]
    public void Measure_LongestContextKnown_DecidesAgainstMoreFrequentWords()
    {
        // "c" follows "b" most often, "d" follows "a b".
        var ngrams = new BackoffNgrams(s_words, ["b c", "b c", "b c", "a b d"]);
        Assert.Equal(1, ngrams.Measure(["b c"]).Top1OfWords);
        // After "a" only "b" was seen, after "a b" only "d".
        Assert.Equal(2, ngrams.Measure(["a b d"]).Top1OfWords);
    }

    [Fact]
    public void Measure_ContextNeverSeen_BacksOffToShorterOnes()
    {
        var ngrams = new BackoffNgrams(s_words, ["x b c", "y b c", "z b e"]);
        var accuracy = ngrams.Measure(["new b c", "new b e"]);
        // "b" after an unknown word is the most frequent word of all; then "c" comes before "e".
        Assert.Equal((4, 3, 4), (accuracy.Words, accuracy.Top1OfWords, accuracy.Top3OfWords));
    }

    [Fact]
    public void Measure_CaseAndPunctuation_AreNoOtherWords()
    {
        var ngrams = new BackoffNgrams(s_words, ["We met Tom", "we met, , ,", "we met,"]);
        var accuracy = ngrams.Measure(["WE MET TOM"]);
        Assert.Equal((2, 2), (accuracy.Words, accuracy.Top1OfWords));
        // A comma is the better guess where it counts as one.
        Assert.Equal(1, accuracy.Top1);
    }

    [Fact]
    public void Measure_UnknownWord_CountsAsWrong()
    {
        var accuracy = new BackoffNgrams(s_words, ["a b", "a b"]).Measure(["a unknown"]);
        Assert.Equal((1, 0, 0), (accuracy.Words, accuracy.Top1OfWords, accuracy.Top3OfWords));
    }

    [Fact]
    public void Measure_ContextDoesNotReachIntoTheSentenceBefore()
    {
        // The text has "b" after "a" across a border only; at a sentence's begin "c" is as frequent as "a" and "b".
        var ngrams = new BackoffNgrams(s_words, ["a", "b c"]);
        Assert.Equal(0, ngrams.Measure(["a b"]).Top1OfWords);
    }
}
