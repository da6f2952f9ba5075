using FsCheck;
using FsCheck.Fluent;
using RnnService.Models.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Decoding;

public class BeamSearchTests
{
    const int AllPaths = 500;
    static readonly int[] _source = [5, 4];

    static Hypothesis[] Search(IDecoder decoder, BeamSearchOptions options) => SearchAll(decoder, options, _source).Single();

    static IReadOnlyList<Hypothesis[]> SearchAll(IDecoder decoder, BeamSearchOptions options, params int[][] sources) =>
        new BeamSearch(decoder, options).Search(sources, TestContext.Current.CancellationToken);

    static double WuScore(double logProbability, int length, double alpha) => logProbability / (Math.Pow(5 + length, alpha) / Math.Pow(6, alpha));

    // Logits after any tokens: those of the ids from 3 (the end) on.
    static AutomatonDecoder Always(params float[] logitsFromEnd) => new((_, _) => [0, 0, 0, .. logitsFromEnd]);

    static void ForSeeds(Action<int, int> property) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll<PositiveInt, PositiveInt>((seed, number) => property(seed.Get, number.Get)));

    [Fact]
    public void Search_BeamOfAllPaths_FindsTheBestInOrder() => ForSeeds((seed, number) =>
    {
        double alpha = number % 5 * 0.5;
        var decoder = AutomatonDecoder.Random(seed, ordinaryTokens: 3);
        var expected = decoder.AllSequences(_source, longest: 4)
            .Select(sequence => (sequence.TokenIds, sequence.LogProbability, Score: WuScore(sequence.LogProbability, sequence.TokenIds.Length + 1, alpha)))
            .OrderByDescending(sequence => sequence.Score)
            .Take(5)
            .ToArray();
        var found = Search(decoder, new() { BeamSize = AllPaths, Best = 5, LengthPenalty = alpha, MaxLength = 4 });
        Assert.Equal(expected.Select(sequence => sequence.TokenIds), found.Select(hypothesis => hypothesis.TokenIds));
        foreach (var (sequence, hypothesis) in expected.Zip(found))
        {
            Assert.Equal(sequence.LogProbability, hypothesis.LogProbability, 1e-5);
            Assert.Equal(sequence.Score, hypothesis.Score, 1e-5);
        }
    });

    [Fact]
    public void Search_Beam1_IsGreedy() => ForSeeds((seed, number) =>
    {
        var decoder = AutomatonDecoder.Random(seed, ordinaryTokens: 2 + number % 60);
        List<int> expected = [];
        decoder.Begin([_source]);
        for (int tokenId = Vocabulary.BosId; expected.Count <= 6; expected.Add(tokenId))
        {
            decoder.Step([tokenId], [0]);
            tokenId = decoder.Logits(0)[Vocabulary.EosId..].ToArray().Index().MaxBy(pair => pair.Item).Index + Vocabulary.EosId;
            if (tokenId == Vocabulary.EosId || expected.Count == 6)
                break;
        }
        Assert.Equal(expected, Search(decoder, new() { BeamSize = 1, MaxLength = 6 }).Single().TokenIds);
    });

    [Fact]
    public void Search_AnyBeam_KeepsWhatASortOfAllContinuationsKeeps() => ForSeeds((seed, number) =>
    {
        var options = new BeamSearchOptions { BeamSize = 1 + number % 7, Best = 1 + number % 7, MaxLength = 6 };
        var decoder = AutomatonDecoder.Random(seed, ordinaryTokens: 30 + number % 100);
        var expected = PlainSearch(decoder, options);
        var found = Search(decoder, options);
        Assert.Equal(expected.Select(pair => pair.TokenIds), found.Select(hypothesis => hypothesis.TokenIds));
        Assert.Equal(found.OrderByDescending(hypothesis => hypothesis.Score), found);
    });

    [Fact]
    public void Search_OneWanted_StopsEarlyWithTheSameBest() => ForSeeds((seed, number) =>
    {
        var decoder = AutomatonDecoder.Random(seed, ordinaryTokens: 10);
        var options = new BeamSearchOptions { BeamSize = 5, LengthPenalty = number % 3 };
        var all = Search(decoder, options with { Best = 5 })[0];
        int stepsOfAll = decoder.Rows.Count;
        var one = Search(decoder, options)[0];
        Assert.Equal(all.TokenIds, one.TokenIds);
        Assert.Equal(all.Score, one.Score);
        Assert.True(decoder.Rows.Count <= stepsOfAll);
    });

    [Fact]
    public void Search_EndIsNearlyCertain_DoesNotTryTheOthers()
    {
        var decoder = Always(10, 0, 0, 0);
        Assert.Empty(Search(decoder, new() { BeamSize = 3, LengthPenalty = 0 })[0].TokenIds);
        Assert.Equal([1], decoder.Rows);
    }

    [Fact]
    public void Search_SeveralSources_GivesWhatEachGivesAlone() => ForSeeds((seed, number) =>
    {
        var decoder = AutomatonDecoder.Random(seed, ordinaryTokens: 8);
        var options = new BeamSearchOptions { BeamSize = 1 + number % 4, Best = 1 + number % 4, Attention = true };
        int[][] sources = [.. Enumerable.Range(0, 1 + seed % 6).Select(length => Enumerable.Repeat(4 + length, length).ToArray())];
        var together = SearchAll(decoder, options, sources);
        Assert.All(decoder.Rows, rows => Assert.InRange(rows, 1, sources.Length * options.BeamSize));
        foreach (var (source, found) in sources.Zip(together))
        {
            var alone = SearchAll(decoder, options, source).Single();
            Assert.Equal(alone.Select(hypothesis => hypothesis.TokenIds), found.Select(hypothesis => hypothesis.TokenIds));
            Assert.Equal(alone.Select(hypothesis => hypothesis.Score), found.Select(hypothesis => hypothesis.Score));
            Assert.Equal(alone.SelectMany(hypothesis => hypothesis.Attention), found.SelectMany(hypothesis => hypothesis.Attention));
        }
    });

    [Fact]
    public void Search_FinishedSource_LeavesTheBatch()
    {
        // The first source ends at once, the second after five tokens.
        var decoder = new AutomatonDecoder((source, written) => [0, 0, 0, written.Length == source.Length ? 20 : -20, 0]);
        var found = SearchAll(decoder, new() { BeamSize = 1 }, [], [4, 4, 4, 4, 4]);
        Assert.Equal([0, 5], found.Select(hypotheses => hypotheses[0].TokenIds.Length));
        Assert.Equal([2, 1, 1, 1, 1, 1], decoder.Rows);
    }

    [Theory, InlineData(7, 10, 7), InlineData(80, 2, 14), InlineData(80, 0.5, 11), InlineData(12, 2, 12)]
    public void Search_NoEnd_StopsAtTheLengthLimit(int maxLength, double ratio, int expected)
    {
        var decoder = Always(-20, 1, 0);
        var best = Search(decoder, new() { BeamSize = 2, MaxLength = maxLength, MaxLengthRatio = ratio })[0];
        Assert.Equal(Enumerable.Repeat(4, expected), best.TokenIds);
        // The end has its improbability also where it is the only way.
        Assert.True(best.LogProbability < -20);
        Assert.Equal(expected + 1, decoder.Rows.Count);
    }

    [Fact]
    public void Search_MinLength_EndsNoEarlier() =>
        Assert.Equal([4, 4, 4], Search(Always(20, 1, 0), new() { BeamSize = 2, MinLength = 3 })[0].TokenIds);

    [Fact]
    public void Search_ImpossibleTokens_AreNeverWritten()
    {
        var decoder = new AutomatonDecoder((_, written) => [0, 0, 0, written.Length == 2 ? 0 : float.NegativeInfinity, 1, float.NegativeInfinity]);
        var found = Search(decoder, new() { BeamSize = 4, Best = 4 });
        Assert.Equal([4, 4], Assert.Single(found).TokenIds);
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void Search_NoProbabilities_Throws(float logit) =>
        Assert.Throws<InvalidOperationException>(() => Search(Always(0, logit, 1), new()));

    [Fact]
    public void Search_EqualLogits_PrefersTheLowerId() =>
        Assert.Equal([4, 4], Search(Always(-20, 1, 1, 1), new() { BeamSize = 2, MaxLength = 2 })[0].TokenIds);

    [Fact]
    public void Search_Attention_IsThatOfTheStepThatChoseTheToken()
    {
        var decoder = AutomatonDecoder.Random(3, ordinaryTokens: 5);
        foreach (var hypothesis in Search(decoder, new() { BeamSize = 4, Best = 4, MinLength = 2, Attention = true }))
        {
            Assert.Equal(hypothesis.TokenIds.Length, hypothesis.Attention.Count);
            for (int place = 0; place < hypothesis.TokenIds.Length; place++)
                Assert.Equal(AutomatonDecoder.Weights(_source, hypothesis.TokenIds[..place]), hypothesis.Attention[place]);
        }
        Assert.Empty(Search(decoder, new())[0].Attention);
    }

    [Fact]
    public void Search_NoSources_GivesNothing() => Assert.Empty(SearchAll(Always(0, 0), new()));

    [Fact]
    public void Search_CallerWhoLeft_Stops() =>
        Assert.Throws<OperationCanceledException>(() => new BeamSearch(Always(0, 0), new()).Search([_source], new CancellationToken(canceled: true)));

    [Fact]
    public void Search_OptionOutOfRange_IsRefused()
    {
        BeamSearchOptions[] wrong =
        [
            new() { BeamSize = 0 }, new() { Best = 0 }, new() { BeamSize = 2, Best = 3 }, new() { LengthPenalty = -1 }, new() { LengthPenalty = double.NaN },
            new() { MinLength = -1 }, new() { MaxLength = 0 }, new() { MinLength = 9, MaxLength = 8 }, new() { MaxLengthRatio = double.PositiveInfinity },
        ];
        Assert.All(wrong, options => Assert.Throws<ArgumentOutOfRangeException>(() => Search(Always(0, 0), options)));
    }

    /// <summary>The same search without speed: all continuations in a list, sorted.</summary>
    static (int[] TokenIds, double Score)[] PlainSearch(AutomatonDecoder decoder, BeamSearchOptions options)
    {
        List<(int[] TokenIds, double LogProbability)> open = [([], 0)];
        List<(int[] TokenIds, double Score)> finished = [];
        for (int step = 0; open.Count > 0; step++)
        {
            var continuations = open
                .SelectMany(hypothesis => AutomatonDecoder.LogSoftmax(decoder.LogitsOf(_source, hypothesis.TokenIds))
                    .Index()
                    .Where(pair => pair.Index == Vocabulary.EosId || (pair.Index > Vocabulary.EosId && step < options.MaxLength))
                    .Select(pair => (hypothesis.TokenIds, TokenId: pair.Index, LogProbability: hypothesis.LogProbability + pair.Item)))
                .OrderByDescending(continuation => continuation.LogProbability)
                .Take(options.BeamSize - finished.Count)
                .ToList();
            finished.AddRange(continuations
                .Where(continuation => continuation.TokenId == Vocabulary.EosId)
                .Select(continuation => (continuation.TokenIds, WuScore(continuation.LogProbability, step + 1, options.LengthPenalty))));
            open = [.. continuations
                .Where(continuation => continuation.TokenId != Vocabulary.EosId)
                .Select(continuation => ((int[])[.. continuation.TokenIds, continuation.TokenId], continuation.LogProbability))];
        }
        return [.. finished.OrderByDescending(pair => pair.Score).Take(options.Best)];
    }
}
