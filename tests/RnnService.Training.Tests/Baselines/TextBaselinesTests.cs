using RnnService.Training.Baselines;
using RnnService.Training.Data;

namespace RnnService.Training.Tests.Baselines;

public sealed class TextBaselinesTests
{
    static readonly LabelledText[] s_english = Texts(
        ("good", "I like it"), ("good", "We like this very much"), ("good", "It is not bad"), ("good", "not bad at all"),
        ("bad", "I do not like it"), ("bad", "We do not like this"), ("bad", "It is bad"), ("bad", "bad from start to end"), ("bad", "so bad"));

    [Fact]
    public void Measure_Negation_IsLearntFromPairsOfWords()
    {
        var baselines = TextBaselines.Measure(Labels(s_english), s_english, Texts(("bad", "They do NOT like it"), ("good", "It's not bad")));
        Assert.Equal(["majority", "bagOfWords"], baselines.Select(baseline => baseline.Name));
        Assert.Equal("always \"bad\"", baselines[0].Description);
        Assert.Equal(0.5, baselines[0].Matrix.Accuracy);
        Assert.Equal(1, baselines[1].Matrix.Accuracy);
    }

    [Fact]
    public void Measure_Chinese_ReadsCharactersAndTheirPairs()
    {
        var training = Texts(("好", "我很喜欢"), ("好", "大家都喜欢"), ("坏", "我不喜欢"), ("坏", "大家都不喜欢"));
        Assert.Equal(1, TextBaselines.Measure(Labels(training), training, Texts(("好", "他喜欢"), ("坏", "他不喜欢")))[1].Matrix.Accuracy);
    }

    [Fact]
    public void Measure_Twice_GivesTheSame() => Assert.Equal(
        TextBaselines.Measure(Labels(s_english), s_english, s_english)[1].Matrix.MacroF1,
        TextBaselines.Measure(Labels(s_english), s_english, s_english)[1].Matrix.MacroF1);

    static LabelSet Labels(LabelledText[] texts) => LabelSet.Of(texts.Select(text => text.Label));

    static LabelledText[] Texts(params (string Label, string Text)[] rows) =>
        [.. rows.Select((row, index) => new LabelledText(row.Text, new Label(row.Label, "some.txt", index + 1)))];
}
