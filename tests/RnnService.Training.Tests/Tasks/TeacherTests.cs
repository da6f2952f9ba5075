using RnnService.Models.Packages;
using RnnService.Training.Data;
using RnnService.Training.Recipes;
using RnnService.Training.Tasks;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Tasks;

public sealed class TeacherTests : IDisposable
{
    static readonly string[] s_texts = ["a lovely film", "", "dull and long", "lovely"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Answer_EachText_IsWhatThePublishedModelSaysInTheOrderOfTheLabels()
    {
        var classifier = Publish(ModelTask.SequenceClassifier).CreateTextClassifier();
        var answers = Load(0.5).Answer(s_texts, new LabelSet(["good", "bad"]));
        Assert.All(s_texts.Zip(answers), pair =>
        {
            var scores = classifier.Classify(pair.First).Scores;
            Assert.Equal(["bad", "good"], classifier.Labels);
            Assert.Equal(scores[1].Value, pair.Second.Span[0], 1e-5);
            Assert.Equal(scores[0].Value, pair.Second.Span[1], 1e-5);
        });
    }

    [Fact]
    public void Answer_OtherLabels_NamesBoth()
    {
        Publish(ModelTask.SequenceClassifier);
        var error = Assert.Throws<TrainingException>(() => Load(0.5).Answer(s_texts, new LabelSet(["bad", "good", "ugly"])));
        Assert.Equal("training.teacher.model is \"other\", whose labels are bad, good; expected those of the training data, bad, good, ugly.", error.Message);
    }

    [Fact]
    public void Run_WithATeacher_ComesNearerToItsProbabilitiesThanWithout()
    {
        Publish(ModelTask.SequenceClassifier);
        var teacher = Load(0.9);
        var alone = new SmallClassification(ModelTask.SequenceClassifier);
        var taught = new SmallClassification(ModelTask.SequenceClassifier, teacher: teacher);
        Assert.Equal(teacher.Sha256, taught.Task.TeacherSha256);
        Assert.True(alone.Run() && taught.Run());
        Assert.True(Distance(taught) < 0.5 * Distance(alone), $"{Distance(taught)} taught, {Distance(alone)} alone");

        double Distance(SmallClassification small)
        {
            var classifier = ((ClassifierPackage)small.Publish(_folder.Path)).CreateTextClassifier();
            string[] texts = ["a lovely film", "a dull film", "dull and long", "a lovely long song"];
            return texts.Zip(teacher.Answer(texts, new LabelSet(["bad", "good"]))).Average(pair =>
                Math.Abs(classifier.Classify(pair.First).Scores[1].Value - pair.Second.Span[1]));
        }
    }

    [Fact]
    public void Load_ModelOfAnotherTask_SaysWhatIsExpected()
    {
        Publish(ModelTask.Tagger);
        Assert.Equal(
            "training.teacher.model is \"other\", whose task is tagger; expected sequence-classifier.",
            Assert.Throws<TrainingException>(() => Load(0.5)).Message);
    }

    [Fact]
    public void Load_NoSuchModel_SaysSo() => Assert.StartsWith(
        "training.teacher.model is \"other\", which cannot be used: No model is called 'other'",
        Assert.Throws<TrainingException>(() => Load(0.5)).Message, StringComparison.Ordinal);

    Teacher Load(double share) => Teacher.Load(new TeacherSettings("other", share), _folder.Path);

    // Trained for a few steps only, so that it is not sure of anything.
    ClassifierPackage Publish(string task)
    {
        var small = new SmallClassification(task);
        small.Run(steps: 6);
        var version = new ModelRepository(null, _folder.Path).Publish("other", folder => small.Publish(folder));
        return (ClassifierPackage)ModelPackage.Load(version.Folder);
    }
}
