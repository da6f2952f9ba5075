using System.IO.Compression;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Tests;

/// <summary>Files packed by gzip, to read and to break what is inside.</summary>
static class Packed
{
    internal static byte[] Read(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        stream.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    internal static void Write(string path, byte[] bytes)
    {
        using var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        stream.Write(bytes);
    }

    /// <summary>Asserts that the file, cut after any number of its bytes, is an error that says where.</summary>
    internal static void AssertCutsAreErrors(string path, Action read)
    {
        byte[] whole = Read(path);
        for (int length = 0; length < whole.Length; length++)
        {
            Write(path, whole[..length]);
            Assert.StartsWith($"{path}: byte ", Assert.Throws<CheckpointException>(read).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Changes up to three bytes of the file, 1,000 times: either it is an error, or what was read can be used.</summary>
    /// <returns>how many were errors</returns>
    internal static int ErrorsOfChanges(string path, int seed, Action readAndUse)
    {
        byte[] whole = Read(path);
        var random = new Random(seed);
        int errors = 0;
        for (int round = 0; round < 1000; round++)
        {
            byte[] broken = [.. whole];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            Write(path, broken);
            try
            {
                readAndUse();
            }
            catch (CheckpointException)
            {
                errors++;
            }
        }
        return errors;
    }
}
