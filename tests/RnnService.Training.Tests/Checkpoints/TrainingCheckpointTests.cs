using RnnService.Models.Checkpoints;
using RnnService.Training.Checkpoints;
using RnnService.Training.Data;
using RnnService.Training.Recipes;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Checkpoints;

public sealed class TrainingCheckpointTests : IDisposable
{
    static readonly TrainingIdentity s_identity = Identity();
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
        Directory.CreateDirectory(Path.Combine(_folder.Path, AtomicFiles.TemporaryPrefix + "1"));
        Assert.False(checkpoint.Exists);
        checkpoint.Save(s_identity, small.Trainer.Position with { Step = 7 }, small.Trainer.State);
        Assert.Equal(7, checkpoint.Load(s_identity, small.Trainer.State).Step);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Save_TheSameStepAgain_TakesItsPlace()
    {
        var checkpoint = new TrainingCheckpoint(_folder.Path);
        var small = new SmallTraining("");
        checkpoint.Save(s_identity, small.Trainer.Position with { Step = 7 }, small.Trainer.State);
        checkpoint.Save(s_identity, small.Trainer.Position with { Step = 7, Epoch = 2 }, small.Trainer.State);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(2, checkpoint.Load(s_identity, small.Trainer.State).Epoch);
    }

    [Fact]
    public void Save_TheSameStepFails_KeepsTheOneBefore()
    {
        var checkpoint = new TrainingCheckpoint(_folder.Path);
        var small = new SmallTraining("");
        checkpoint.Save(s_identity, small.Trainer.Position with { Step = 7 }, small.Trainer.State);
        small.Task.Parameters[0].Value.Span[0] = float.NaN;
        Assert.Throws<CheckpointException>(() => checkpoint.Save(s_identity, small.Trainer.Position with { Step = 7, Epoch = 2 }, small.Trainer.State));
        Assert.Equal(1, checkpoint.Load(s_identity, new SmallTraining("").Trainer.State).Epoch);

        checkpoint.Save(s_identity, small.Trainer.Position with { Step = 7, Epoch = 3 }, new SmallTraining("").Trainer.State);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(3, checkpoint.Load(s_identity, small.Trainer.State).Epoch);
    }

    [Fact]
    public void Load_NoCheckpoint_SaysSo() =>
        Assert.Equal($"{_folder.Path}: no checkpoint to resume from; start without --resume.", LoadError(s_identity));

    [Fact]
    public void Load_OtherText_SaysWhatDiffers()
    {
        Save();
        Assert.Contains("the training text (--data) differs: the checkpoint was written with data, found other", LoadError(Identity(data: "other")), StringComparison.Ordinal);
        Assert.Contains("the validation text (--valid) differs", LoadError(Identity(validation: "other")), StringComparison.Ordinal);
        Assert.Contains("(model.initializeFrom) differs: the checkpoint was written with none, found hash", LoadError(s_identity with { Encoder = "hash" }), StringComparison.Ordinal);
        Assert.Contains("(training.teacher.model) differs: the checkpoint was written with none, found hash", LoadError(s_identity with { Teacher = "hash" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training.epochs", "9", "10", "the recipe's training.epochs differs: the checkpoint was written with 3, found 9.")]
    [InlineData("training.rehearsals", "2", "1", "the recipe's training.rehearsals differs: the checkpoint was written with 1, found 2.")]
    [InlineData("model.cell", "rnn", null, "the recipe's model.cell differs: the checkpoint was written with none, found rnn.")]
    public void Load_OtherRecipe_NamesTheField(string path, string value, string? fallback, string expected)
    {
        Save();
        var fields = new Dictionary<string, RecipeField>(s_identity.Recipe) { [path] = new(value, fallback) };
        Assert.EndsWith(expected, LoadError(s_identity with { Recipe = fields }), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ByALaterProgramWhoseRecipesHaveMoreFields_Resumes()
    {
        Save();
        var later = new Dictionary<string, RecipeField>(s_identity.Recipe) { ["training.rehearsals"] = new("1", "1") };
        var checkpoint = new TrainingCheckpoint(_folder.Path);
        Assert.Equal(0, checkpoint.Load(s_identity with { Recipe = later }, new SmallTraining("").Trainer.State).Step);
    }

    [Fact]
    public void Load_CheckpointOfAnEarlierFormat_SaysHowToGoOn()
    {
        Save();
        File.WriteAllText(
            Path.Combine(Directory.GetDirectories(_folder.Path)[0], "training.json"),
            """{"identity": {"tokenizer": "t", "model": "m", "training": "r", "data": "d", "validation": "v"}, "position": {"step": 3}}""");
        Assert.Contains("written by an earlier version of this program; finish the training with that version, or delete ", LoadError(s_identity), StringComparison.Ordinal);
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

    [Theory]
    [InlineData("\"seed\": 2", "training.seed")]
    [InlineData("\"optimizer\": { \"beta1\": 0.8 }", "training.optimizer")]
    [InlineData("\"schedule\": { \"type\": \"plateau\", \"factor\": 0.5 }", "training.schedule")]
    [InlineData("\"averaging\": {}", "training.averaging")]
    public void Of_AnotherRecipe_DiffersInItsField(string change, string field) =>
        Assert.StartsWith($"the recipe's {field}", IdentityOf(change).DifferenceFrom(IdentityOf("")), StringComparison.Ordinal);

    [Fact]
    public void Of_DefaultsWrittenOutOrAnotherCard_IsTheSame()
    {
        Assert.Null(IdentityOf("\"seed\": 1, \"clipNorm\": 1.00").DifferenceFrom(IdentityOf("")));
        Assert.Null(IdentityOf("", """, "card": { "licence": "none" } """).DifferenceFrom(IdentityOf("")));
    }

    static TrainingIdentity IdentityOf(string training, string more = "")
    {
        var corpus = new Corpus([new TextFile("a.txt", "a", "hash")]);
        return TrainingIdentity.Of(Some.Recipe(Some.RecipeJson(training: training, more: more)), corpus, corpus);
    }

    static TrainingIdentity Identity(string data = "data", string validation = "validation") =>
        new(new Dictionary<string, RecipeField> { ["training.epochs"] = new("3", "10") }, data, validation);

    void Save()
    {
        var small = new SmallTraining("");
        new TrainingCheckpoint(_folder.Path).Save(s_identity, small.Trainer.Position, small.Trainer.State);
    }

    string LoadError(TrainingIdentity identity) =>
        Assert.Throws<TrainingException>(() => new TrainingCheckpoint(_folder.Path).Load(identity, new SmallTraining("").Trainer.State)).Message;
}
