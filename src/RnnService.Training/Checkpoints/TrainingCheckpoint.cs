using System.Text.Json;
using System.Text.Json.Nodes;
using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;

namespace RnnService.Training.Checkpoints;

/// <summary>
/// The checkpoint of an unfinished training: a folder <c>step-N</c> with <c>tensors.safetensors</c> and <c>training.json</c>. It is written
/// beside the one before, flushed and renamed, and only then the older one is deleted: there is always a whole one, whenever the program
/// or the machine stops.
/// </summary>
/// <param name="folder">the work folder that holds it</param>
public sealed class TrainingCheckpoint(string folder)
{
    const string Prefix = "step-", Aside = ".old", TensorsFile = "tensors.safetensors", PositionFile = "training.json";
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,   // computed ones, NaN where nothing was counted
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The work folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>Whether there is a checkpoint to resume from.</summary>
    public bool Exists => Newest() is not null;

    /// <summary>Replaces the checkpoint.</summary>
    /// <param name="identity">of the training</param>
    /// <param name="position">where it stands</param>
    /// <param name="state">every tensor it needs</param>
    public void Save(TrainingIdentity identity, TrainingPosition position, ParameterSet state)
    {
        string target = Path.Combine(Folder, $"{Prefix}{position.Step:D12}");
        Directory.CreateDirectory(Folder);
        AtomicFiles.DeleteLeftovers(Folder);
        if (Directory.Exists(target))
            SetAside(target);
        AtomicFiles.CreateFolder(target, folder =>
        {
            SafetensorsWriter.Write(Path.Combine(folder, TensorsFile), state, StorageType.Float32);
            using var file = File.Create(Path.Combine(folder, PositionFile));
            JsonSerializer.Serialize(file, new Contents(identity, position), Json);
        });
        foreach (string older in Directory.GetDirectories(Folder, Prefix + "*").Where(other => other != target))
            AtomicFiles.DeleteFolder(older);
    }

    /// <summary>Reads the checkpoint into <paramref name="state"/>.</summary>
    /// <returns>where the training stands</returns>
    /// <exception cref="TrainingException">there is none, it is damaged, or it belongs to another training; the message says what differs</exception>
    /// <exception cref="CheckpointException">the tensors are damaged</exception>
    public TrainingPosition Load(TrainingIdentity identity, ParameterSet state)
    {
        string checkpoint = Newest()
            ?? throw new TrainingException($"{Folder}: no checkpoint to resume from; start without --resume.");
        string path = Path.Combine(checkpoint, PositionFile);
        Contents contents;
        try
        {
            byte[] json = File.ReadAllBytes(path);
            RefuseEarlierFormat(checkpoint, json);
            contents = JsonSerializer.Deserialize<Contents>(json, Json) ?? throw new JsonException("the document is null");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new TrainingException($"{path}: the checkpoint is damaged ({exception.Message}); delete {checkpoint} and start without --resume.");
        }
        if (contents.Identity.DifferenceFrom(identity) is { } difference)
            throw new TrainingException($"{checkpoint}: cannot resume, {difference}.");
        using var tensors = SafetensorsReader.Open(Path.Combine(checkpoint, TensorsFile));
        tensors.ReadInto(state);
        return contents.Position;
    }

    /// <summary>Deletes the checkpoint, and the work folder when nothing else is in it.</summary>
    public void Delete()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (string checkpoint in Directory.GetDirectories(Folder, Prefix + "*"))
            AtomicFiles.DeleteFolder(checkpoint);
        AtomicFiles.DeleteLeftovers(Folder);
        if (!Directory.EnumerateFileSystemEntries(Folder).Any())
            Directory.Delete(Folder);
    }

    string? Newest() => Directory.Exists(Folder)
        ? Directory.GetDirectories(Folder, Prefix + "*")
            .Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal))   // unfinished ones of earlier versions of this program
            .Max(StringComparer.Ordinal)
        : null;

    // Before recipes were compared field by field, identities held whole sections in one text each.
    static void RefuseEarlierFormat(string checkpoint, byte[] json)
    {
        if (JsonNode.Parse(json) is JsonObject contents && contents["identity"] is JsonObject identity && identity.ContainsKey("tokenizer"))
            throw new TrainingException($"{checkpoint}: cannot resume, the checkpoint was written by an earlier version of this program; finish the training with that version, or delete {checkpoint} and start without --resume.");
    }

    // Under its other name it is still found, should the program stop before the new one is there.
    static void SetAside(string checkpoint)
    {
        if (Directory.Exists(checkpoint + Aside))
            AtomicFiles.DeleteFolder(checkpoint + Aside);
        Directory.Move(checkpoint, checkpoint + Aside);
    }

    sealed record Contents(TrainingIdentity Identity, TrainingPosition Position);
}
