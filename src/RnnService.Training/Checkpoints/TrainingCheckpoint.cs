using System.Text.Json;
using System.Text.Json.Nodes;
using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;

namespace RnnService.Training.Checkpoints;

/// <summary>
/// The checkpoint of an unfinished training: a folder <c>step-N</c> with <c>tensors.safetensors</c> and <c>training.json</c>. It is written
/// beside the one before, flushed and renamed, and only then the older one is deleted: there is always a whole one.
/// </summary>
/// <param name="folder">the work folder that holds it</param>
public sealed class TrainingCheckpoint(string folder)
{
    const string Prefix = "step-", TensorsFile = "tensors.safetensors", PositionFile = "training.json";
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
        string temporary = target + ".tmp";
        DeleteFolder(temporary);
        Directory.CreateDirectory(temporary);
        SafetensorsWriter.Write(Path.Combine(temporary, TensorsFile), state, StorageType.Float32);
        using (var file = File.Create(Path.Combine(temporary, PositionFile)))
        {
            JsonSerializer.Serialize(file, new Contents(identity, position), Json);
            file.Flush(flushToDisk: true);
        }
        DeleteFolder(target);
        Directory.Move(temporary, target);
        foreach (string older in Directory.GetDirectories(Folder, Prefix + "*").Where(other => other != target))
            DeleteFolder(older);
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
            DeleteFolder(checkpoint);
        if (!Directory.EnumerateFileSystemEntries(Folder).Any())
            Directory.Delete(Folder);
    }

    string? Newest() => Directory.Exists(Folder)
        ? Directory.GetDirectories(Folder, Prefix + "*")
            .Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal))
            .Max(StringComparer.Ordinal)
        : null;

    // Before recipes were compared field by field, identities held whole sections in one text each.
    static void RefuseEarlierFormat(string checkpoint, byte[] json)
    {
        if (JsonNode.Parse(json) is JsonObject contents && contents["identity"] is JsonObject identity && identity.ContainsKey("tokenizer"))
            throw new TrainingException($"{checkpoint}: cannot resume, the checkpoint was written by an earlier version of this program; finish the training with that version, or delete {checkpoint} and start without --resume.");
    }

    static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    sealed record Contents(TrainingIdentity Identity, TrainingPosition Position);
}
