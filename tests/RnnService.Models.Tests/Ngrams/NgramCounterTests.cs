using RnnService.Models.Ngrams;

namespace RnnService.Models.Tests.Ngrams;

public sealed class NgramCounterTests
{
    [Theory, InlineData(2, 1), InlineData(3, 2), InlineData(5, 1), InlineData(5, 3)]
    public void Count_RandomLines_IsThatOfADictionary(int order, int minCount)
    {
        int[] text = SomeNgrams.RandomText(seed: 5, lines: 300, vocabularySize: 9);
        var counts = SomeNgrams.Count(text, 9, new NgramSettings { Order = order, MinCount = minCount });
        Dictionary<string, int> expected = [];
        for (int start = 0; start + 1 < text.Length; start++)
        {
            for (int length = 1; length <= order && start + length <= text.Length; length++)
            {
                var ngram = text.AsSpan(start, length);
                // A border may begin an n-gram or end it.
                if (length > 2 && ngram[1..^1].Contains(SomeNgrams.Border))
                    break;
                string key = string.Join(' ', ngram.ToArray());
                expected[key] = expected.GetValueOrDefault(key) + 1;
            }
        }
        var kept = expected.Where(pair => !pair.Key.Contains(' ', StringComparison.Ordinal) || pair.Value >= minCount).ToDictionary();
        Assert.Equal(kept.Count, counts.Size);
        Assert.All(kept, pair => Assert.Equal(pair.Value, CountOf(counts, [.. pair.Key.Split(' ').Select(int.Parse)])));
    }

    [Fact]
    public void Continuations_UnknownContext_AreNone()
    {
        var counts = SomeNgrams.Count([3, 4, 5, 3], 9, new NgramSettings { Order = 3 });
        Assert.True(counts.Continuations([8]).Tokens.IsEmpty);
        Assert.True(counts.Continuations([4, 8]).Tokens.IsEmpty);
        Assert.True(counts.Continuations([4, 5]).Tokens.SequenceEqual([SomeNgrams.Border]));
    }

    [Fact]
    public void Count_NoText_IsNothing() => Assert.Equal(0, SomeNgrams.Count([SomeNgrams.Border], 9, new NgramSettings()).Size);

    static int CountOf(NgramCounts counts, int[] ngram)
    {
        var followed = counts.Continuations(ngram.AsSpan()[..^1]);
        return followed.Counts[followed.Tokens.IndexOf(ngram[^1])];
    }
}
