using RnnService.Training.Baselines;
using RnnService.Training.Data;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Baselines;

public sealed class TagBaselinesTests
{
    const string Training = "the\tDET\nrun\tNOUN\n\nthe\tDET\nrun\tNOUN\n\nrun\tVERB\n\nthe\tDET\nEnglish\tPROPN\n\nParis\tPROPN\ngoes\tVERB\n";

    [Fact]
    public void MostFrequentTag_KnownWords_GetTheirs()
    {
        var baseline = Measure(Training, "The\tDET\nrun\tNOUN\nOslo\tPROPN\n\nrun\tVERB\n");
        // The article in upper case is found in lower case; of words seen once, names are the most frequent.
        Assert.Equal(0.75, baseline.Matrix.Accuracy);
        Assert.Null(baseline.Entities);
    }

    [Fact]
    public void MostFrequentTag_EntityTags_AreScoredAsEntities()
    {
        var baseline = Measure("Ann\tB-PER\nLee\tI-PER\nleft\tO\nleft\tO\n", "Ann\tB-PER\nLee\tI-PER\nleft\tO\n\nAnn\tB-PER\nleft\tI-PER\n");
        Assert.Equal((2, 2, 1), (baseline.Entities!.Value.True, baseline.Entities.Value.Predicted, baseline.Entities.Value.Right));
    }

    static Baseline Measure(string training, string validation)
    {
        var sentences = Read(training);
        return TagBaselines.MostFrequentTag(LabelSet.Of(sentences.SelectMany(sentence => sentence.Tags)), sentences, Read(validation));
    }

    static IReadOnlyList<TaggedSentence> Read(string content) =>
        TaggedSentence.Read(Some.Corpus(content), new TaggedTokenSettings(TokenFileFormat.Conll, 1, 2));
}
