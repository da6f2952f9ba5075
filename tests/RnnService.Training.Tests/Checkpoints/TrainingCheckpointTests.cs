using RnnService.Models.Checkpoints;
using RnnService.Training.Checkpoints;
using RnnService.Training.Data;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Checkpoints;

public sealed class TrainingCheckpointTests : IDisposable
{
    static readonly TrainingIdentity s_identity = new("tokenizer", "model", "training", "data", "validation");
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Settings => TrainerTests.Settings;

    // 5 windows an epoch: step 3 is inside the first epoch, 5 at its end, 12 inside the third, when averaging has begun.
    [Theory, MemberData(nameof(Settings))]
    public void Resume_AtAnyStep_GivesTheSameBitsAsRunningThrough(string settings)
    {
        string training = $""" "epochs": 4, "batchSize": 2, "bpttWindow": 8, {settings} """;
        var through = new SmallTraining(training);
        through.Run();
        int windows = (int)(through.Trainer.TotalSteps / 4);
        foreach (int step in (int[])[3, windows, 2 * windows + 2, 4 * windows])
        {
            var stopped = new SmallTraining(training);
            Assert.False(stopped.Run(step) && step < 4 * windows);
            var checkpoint = new TrainingCheckpoint(Path.Combine(_folder.Path, $"{step}"));
            checkpoint.Save(s_identity, stopped.Trainer.Position, stopped.Trainer.State);

            var resumed = new SmallTraining(training);
            resumed.Trainer.Resume(checkpoint.Load(s_identity, resumed.Trainer.State));
            Assert.True(resumed.Run());
            Assert.Equal(through.Weights, resumed.Weights);
            Assert.Equal(through.Trainer.Position.History, resumed.Trainer.Position.History);
        }
    }

    [Fact]
    public void Save_Twice_KeepsTheNewerOnly()
    {
        var checkpoint = new TrainingCheckpoint(_folder.Path);
        var small = new SmallTraining("");
        checkpoint.Save(s_identity, small.Trainer.Position with { Step = 9 }, small.Trainer.State);
        checkpoint.Save(s_identity, small.Trainer.Position with { Step = 10 }, small.Trainer.State);
        Assert.Equal("step-000000000010", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(_folder.Path))));
        checkpoint.Delete();
        Assert.False(checkpoint.Exists);
        Directory.CreateDirectory(_folder.Path);
    }

    [Fact]
    public void Save_AfterACrash_IgnoresWhatWasHalfWritten()
    {
        var checkpoint = new TrainingCheckpoint(_folder.Path);
        var small = new SmallTraining("");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "step-000000000099.tmp"));
        Assert.False(checkpoint.Exists);
        checkpoint.Save(s_identity, small.Trainer.Position with { Step = 7 }, small.Trainer.State);
        Assert.Equal(7, checkpoint.Load(s_identity, small.Trainer.State).Step);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Load_NoCheckpoint_SaysSo() =>
        Assert.Equal($"{_folder.Path}: no checkpoint to resume from; start without --resume.", LoadError(s_identity));

    public static TheoryData<string, string> Differences => new()
    {
        { "tokenizer", "the recipe's tokenizer section differs" },
        { "model", "the recipe's model section differs" },
        { "training", "the recipe's training section differs: the checkpoint was written with training, found other" },
        { "data", "the training text (--data) differs" },
        { "validation", "the validation text (--valid) differs" },
    };

    [Theory, MemberData(nameof(Differences))]
    public void Load_OtherTraining_SaysWhatDiffers(string changed, string expected)
    {
        Save();
        string Change(string part) => part == changed ? "other" : part;
        string message = LoadError(new(Change("tokenizer"), Change("model"), Change("training"), Change("data"), Change("validation")));
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"identity": null, "position": null}""")]
    public void Load_DamagedPosition_SaysWhatToDo(string json)
    {
        Save();
        File.WriteAllText(Path.Combine(Directory.GetDirectories(_folder.Path)[0], "training.json"), json);
        Assert.Contains("the checkpoint is damaged", LoadError(s_identity), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedTensors_ThrowsCheckpointException()
    {
        Save();
        string path = Path.Combine(Directory.GetDirectories(_folder.Path)[0], "tensors.safetensors");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^8]);
        Assert.Throws<CheckpointException>(() => new TrainingCheckpoint(_folder.Path).Load(s_identity, new SmallTraining("").Trainer.State));
    }

    [Fact]
    public void Of_SameRecipeAndText_IsEqual_AndFollowsEveryField()
    {
        var corpus = new Corpus([new TextFile("a.txt", "a", "hash")]);
        TrainingIdentity Identity(string training) => TrainingIdentity.Of(Some.Recipe(Some.RecipeJson(training: training)), corpus, corpus);
        Assert.Null(Identity("\"seed\": 1").DifferenceFrom(Identity("")));
        foreach (string change in (string[])["\"seed\": 2", "\"optimizer\": { \"beta1\": 0.8 }", "\"schedule\": { \"type\": \"plateau\", \"factor\": 0.5 }", "\"averaging\": {}"])
            Assert.Contains("training section", Identity(change).DifferenceFrom(Identity("")), StringComparison.Ordinal);
    }

    void Save()
    {
        var small = new SmallTraining("");
        new TrainingCheckpoint(_folder.Path).Save(s_identity, small.Trainer.Position, small.Trainer.State);
    }

    string LoadError(TrainingIdentity identity) =>
        Assert.Throws<TrainingException>(() => new TrainingCheckpoint(_folder.Path).Load(identity, new SmallTraining("").Trainer.State)).Message;
}
