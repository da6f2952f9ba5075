using RnnService.Training.Publishing;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests;

public sealed class TrainingRunTests : IDisposable, IProgress<TrainingEvent>
{
    readonly TemporaryFolder _folder = new();
    readonly CancellationTokenSource _stop = new();
    readonly List<TrainingEvent> _events = [];
    Action<TrainingEvent> _happened = _ => { };

    public TrainingRunTests() => _folder.Write("text.txt", string.Join('\n', Some.Sentences));

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Execute_WorkFolderThatIsAFile_IsRefusedBeforeTheFirstStep()
    {
        string file = _folder.Write("work", "x");
        Assert.StartsWith($"{file}: cannot be the work folder: ", Refusal(Request() with { WorkFolder = file }), StringComparison.Ordinal);
        string below = Path.Combine(file, "below");
        Assert.StartsWith($"{below}: cannot be the work folder: ", Refusal(Request() with { WorkFolder = below }), StringComparison.Ordinal);
        Assert.Empty(_events);
    }

    [Fact]
    public void Execute_ModelThatIsAFile_IsRefusedBeforeTheFirstStep()
    {
        Directory.CreateDirectory(PathOf("models"));
        string file = _folder.Write("models/trial", "x");
        Assert.Equal($"{file}: is a file, expected the model's folder or nothing.", Refusal(Request()));
        Assert.Empty(_events);
    }

    [Fact]
    public void Execute_RepositoryThatIsReadOnly_IsRefusedBeforeTheFirstStep()
    {
        // Nobody can make a file there, whatever the rights.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a folder that cannot be written");
        const string models = "/proc";
        Assert.StartsWith($"{models}: cannot be the repository's folder: ", Refusal(Request() with { Repository = models }), StringComparison.Ordinal);
        Assert.Empty(_events);
    }

    [Fact]
    public void Execute_WorkFolderOfARunningTraining_IsRefused()
    {
        string? refusal = null;
        _happened = happened =>
        {
            if (happened is EpochDone && refusal is null)
                refusal = Refusal(Request() with { Name = "other" });
        };
        Assert.NotNull(Execute(Request()));
        Assert.Equal($"{PathOf("work")}: another training works in this folder; give this one a folder of its own with --work.", refusal);
        Assert.False(Directory.Exists(PathOf("work")));
    }

    [Fact]
    public void Execute_LockFileOfATrainingThatCrashed_IsNoLock()
    {
        Directory.CreateDirectory(PathOf("work"));
        _folder.Write("work/.lock", "");
        Assert.NotNull(Execute(Request()));
    }

    [Fact]
    public void Execute_StoppedWhileMeasuring_KeepsTheCheckpointAndPublishesNothing()
    {
        _happened = happened =>
        {
            if (happened is MeasuringStarted)
                _stop.Cancel();
        };
        Assert.Null(Execute(Request()));
        Assert.Empty(Directory.GetFileSystemEntries(PathOf("models")));
        var resumed = new TrainingRun(Request() with { Resume = true }, TimeProvider.System).Execute(this, CancellationToken.None);
        Assert.Equal(1, resumed!.Version);
    }

    void IProgress<TrainingEvent>.Report(TrainingEvent value)
    {
        _events.Add(value);
        _happened(value);
    }

    string PathOf(string name) => Path.Combine(_folder.Path, name);

    TrainingRequest Request() => new()
    {
        Recipe = Some.Recipe(Some.RecipeJson()),
        Data = [PathOf("text.txt")],
        Validation = [PathOf("text.txt")],
        Repository = PathOf("models"),
        Name = "trial",
        WorkFolder = PathOf("work"),
        Command = "rnn train",
    };

    PublishedModel? Execute(TrainingRequest request) => new TrainingRun(request, TimeProvider.System).Execute(this, _stop.Token);

    string Refusal(TrainingRequest request) => Assert.Throws<TrainingException>(() => Execute(request)).Message;
}
