using RnnService.Training.Metrics;

namespace RnnService.Training.Tests.Metrics;

public sealed class EntityScoreTests
{
    public static TheoryData<string, string> Sentences => new()
    {
        { "O O", "" },
        { "B-PER I-PER O B-LOC", "PER 0-2, LOC 3-4" },
        { "B-PER B-PER", "PER 0-1, PER 1-2" },
        { "B-PER I-LOC I-LOC", "PER 0-1, LOC 1-3" },   // a change of type begins another entity
        { "I-PER I-PER O I-PER", "PER 0-2, PER 3-4" }, // so does an I after anything else
        { "B-creative-work I-creative-work", "creative-work 0-2" },
    };

    [Theory, MemberData(nameof(Sentences))]
    public void Entities_Tags_AreReadAsSpans(string tags, string expected) =>
        Assert.Equal(expected, string.Join(", ", EntityScore.Entities(tags.Split(' ')).Select(span => $"{span.Type} {span.Start}-{span.End}")));

    [Fact]
    public void Of_TypeOrEndWrong_IsWrong()
    {
        var score = EntityScore.Of("B-PER I-PER O B-LOC O B-ORG".Split(' '), "B-PER I-PER O B-ORG B-LOC B-ORG".Split(' '))
            + EntityScore.Of("B-PER I-PER".Split(' '), "B-PER O".Split(' '));
        Assert.Equal(new EntityScore(2, 5, 4), score);
        Assert.Equal((0.4, 0.5), (score.Precision, score.Recall));
        Assert.Equal(2 * 0.4 * 0.5 / 0.9, score.F1, 12);
    }

    [Fact]
    public void AreEntityTags_PartsOfSpeech_AreNone()
    {
        Assert.True(EntityScore.AreEntityTags(["O", "B-PER", "I-PER"]));
        Assert.False(EntityScore.AreEntityTags(["O", "NOUN"]));
    }
}
