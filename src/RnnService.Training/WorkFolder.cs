namespace RnnService.Training;

/// <summary>The work folder of a training, made and kept from other trainings, of this process or another, until disposed.</summary>
sealed class WorkFolder : IDisposable
{
    const string LockFile = ".lock";

    // Locked by another: Windows' sharing violation, EAGAIN of Linux and of macOS.
    static readonly int[] s_locked = [unchecked((int)0x80070020), 11, 35];

    readonly string _folder;
    readonly FileStream _lock;

    /// <exception cref="TrainingException">it cannot be made or written, or another training has it</exception>
    public WorkFolder(string folder)
    {
        _folder = folder;
        try
        {
            _lock = Lock(folder);
        }
        catch (IOException exception) when (s_locked.Contains(exception.HResult))
        {
            throw new TrainingException($"{folder}: another training works in this folder; give this one a folder of its own with --work.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{folder}: cannot be the work folder: {exception.Message} Give another with --work.", exception);
        }
    }

    /// <summary>Lets others in; deletes the folder when nothing is left in it.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        try
        {
            if (!Directory.EnumerateFileSystemEntries(_folder).Any())
                Directory.Delete(_folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An empty folder harms nobody, and the next training may have come already.
        }
    }

    // The system unlocks the file of a program that crashed; the file it leaves is locked anew.
    static FileStream Lock(string folder)
    {
        while (true)
        {
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, LockFile);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            // Locked just when the training before deleted it: others would make and lock a new one.
            if (File.Exists(path))
                return file;
            file.Dispose();
        }
    }
}
