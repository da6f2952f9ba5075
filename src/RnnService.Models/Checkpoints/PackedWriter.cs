using System.IO.Compression;

namespace RnnService.Models.Checkpoints;

/// <summary>Writes files that <see cref="PackedReader"/> reads.</summary>
static class PackedWriter
{
    /// <summary>Opens a file, replacing what is there.</summary>
    public static BinaryWriter Create(string path) => new(new GZipStream(File.Create(path), CompressionLevel.SmallestSize));

    /// <summary>Writes a number of either sign: 0, -1, 1, -2, … as 0, 1, 2, 3, … (zigzag).</summary>
    /// <param name="writer">of <see cref="Create"/></param>
    /// <param name="number">between -2^30 and 2^30</param>
    public static void WriteSigned(this BinaryWriter writer, int number) => writer.Write7BitEncodedInt((number << 1) ^ (number >> 31));
}
