using RnnService.Models.Checkpoints;

namespace RnnService.Training.Preparation;

/// <summary>Writes files of training data: whole or not at all, and an earlier file of the name stays until then.</summary>
static class PreparedFile
{
    /// <summary>Replaces a file by what <paramref name="write"/> writes; its folder is made when needed.</summary>
    /// <exception cref="TrainingException">there is a folder of this name</exception>
    public static void Write(string path, Action<TextWriter> write)
    {
        if (Directory.Exists(path))
            throw new TrainingException($"{path}: is a folder, expected the path of a file to write.");
        string whole = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        if (whole.StartsWith("/dev/", StringComparison.Ordinal))   // a device is written to, not replaced
        {
            using var device = new FileStream(whole, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            WriteTo(device);
            return;
        }
        AtomicFiles.Replace(whole, WriteTo);

        void WriteTo(Stream stream)
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            write(writer);
        }
    }
}
