using System.Runtime.InteropServices;

namespace RnnService.Models.Checkpoints;

/// <summary>Files and folders that exist whole or not at all, whenever the program or the machine stops.</summary>
public static partial class AtomicFiles
{
    /// <summary>What the names of unfinished files and folders start with.</summary>
    public const string TemporaryPrefix = ".tmp-";

    /// <summary>Replaces a file by what <paramref name="write"/> writes: readers see the old file or the new one.</summary>
    public static void Replace(string path, Action<Stream> write)
    {
        string folder = FolderOf(path);
        string temporary = TemporaryIn(folder);
        try
        {
            using (var stream = File.Create(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        FlushFolder(folder);
    }

    /// <summary>Makes a new folder of what <paramref name="write"/> writes into the empty folder it is given.</summary>
    /// <exception cref="IOException">there is a folder of this name already</exception>
    public static void CreateFolder(string path, Action<string> write)
    {
        string parent = FolderOf(path);
        string temporary = TemporaryIn(parent);
        Directory.CreateDirectory(temporary);
        try
        {
            write(temporary);
            FlushTree(temporary);
            Directory.Move(temporary, path);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
        FlushFolder(parent);
    }

    /// <summary>Deletes a folder: readers see all of it or nothing.</summary>
    public static void DeleteFolder(string path)
    {
        string parent = FolderOf(path);
        string temporary = TemporaryIn(parent);
        Directory.Move(path, temporary);
        FlushFolder(parent);
        Directory.Delete(temporary, recursive: true);
    }

    /// <summary>Deletes what a program that stopped in the middle left in a folder. Nobody else may be writing there.</summary>
    public static void DeleteLeftovers(string folder)
    {
        foreach (string left in Directory.EnumerateDirectories(folder, TemporaryPrefix + "*"))
            Directory.Delete(left, recursive: true);
        foreach (string left in Directory.EnumerateFiles(folder, TemporaryPrefix + "*"))
            File.Delete(left);
    }

    static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))
        ?? throw new ArgumentException($"The root {path} cannot be replaced.", nameof(path));

    static string TemporaryIn(string folder) => Path.Combine(folder, TemporaryPrefix + Guid.NewGuid().ToString("N"));

    static void FlushTree(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
                stream.Flush(flushToDisk: true);
        foreach (string inner in Directory.EnumerateDirectories(folder))
            FlushTree(inner);
        FlushFolder(folder);
    }

    // A rename lasts only once its folder is on disk; .NET opens no folders. Windows has no such call and needs none.
    static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
            return;
        _ = Flush(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
