using RnnService.Models.Decoding;

namespace RnnService.Models.Tests.Decoding;

public class SequenceSamplerTests
{
    static readonly int[] _source = [4];

    static Hypothesis Draw(AutomatonDecoder decoder, SamplingOptions options, int maxLength = 8) =>
        new SequenceSampler(decoder, new Sampler(options, decoder.LogitsOf(_source, []).Length, 0, 1, 2))
            .Draw(_source, minLength: 0, maxLength, TestContext.Current.CancellationToken);

    [Fact]
    public void Draw_TemperatureZero_IsGreedy()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var decoder = AutomatonDecoder.Random(seed, ordinaryTokens: 5);
            var greedy = new BeamSearch(decoder, new() { BeamSize = 1, MaxLength = 8 }).Search([_source], TestContext.Current.CancellationToken)[0][0];
            Assert.Equal(greedy.TokenIds, Draw(decoder, new() { Temperature = 0 }).TokenIds);
        }
    }

    [Fact]
    public void Draw_ManySeeds_FollowsTheProbabilityOfWholeSequences()
    {
        const int draws = 4000;
        var decoder = AutomatonDecoder.Random(1, ordinaryTokens: 2);
        var counts = Enumerable.Range(0, draws).Select(seed => Draw(decoder, new() { Seed = seed }, maxLength: 3)).CountBy(drawn => string.Join(' ', drawn.TokenIds));
        // Padding, unknown and begin take most of the probability and are left out of each draw.
        double Share(int[] written) => 1 / decoder.LogitsOf(_source, written)[3..].Sum(logit => Math.Exp(logit));
        double expected = Math.Exp(decoder.LogitsOf(_source, [])[3]) * Share([]);
        Assert.Equal(expected, counts.Single(pair => pair.Key.Length == 0).Value / (double)draws, 0.03);
    }

    [Fact]
    public void Draw_LogProbability_IsThatOfTheTokensAndTheEnd()
    {
        var decoder = AutomatonDecoder.Random(2, ordinaryTokens: 3);
        var drawn = Draw(decoder, new() { Seed = 5 });
        var expected = decoder.AllSequences(_source, longest: 8).Single(sequence => sequence.TokenIds.SequenceEqual(drawn.TokenIds));
        Assert.Equal(expected.LogProbability, drawn.LogProbability, 1e-4);
    }

    [Fact]
    public void Draw_NoEnd_StopsAtTheMaximum() =>
        Assert.Equal(5, Draw(new AutomatonDecoder((_, _) => [0, 0, 0, -50, 1]), new() { Seed = 1 }, maxLength: 5).TokenIds.Length);
}
