using System.IO.Compression;

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
}
