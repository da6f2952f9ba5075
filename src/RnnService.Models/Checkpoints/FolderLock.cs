namespace RnnService.Models.Checkpoints;

/// <summary>Keeps other writers, of this process or another, out of a folder until disposed; waits for its turn.</summary>
sealed class FolderLock : IDisposable
{
    const string LockFile = ".lock";
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    readonly FileStream _file;

    /// <param name="folder">an existing folder</param>
    /// <exception cref="IOException">another writer does not finish</exception>
    public FolderLock(string folder)
    {
        string path = Path.Combine(folder, LockFile);
        var deadline = DateTime.UtcNow + _patience;
        while (true)
        {
            try
            {
                // The file stays: deleting it would let two writers each lock a file of their own.
                _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return;
            }
            catch (IOException) when (DateTime.UtcNow < deadline)
            {
                Thread.Sleep(_pause);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
