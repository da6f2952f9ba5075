using RnnService.Models.Checkpoints;
using RnnService.Models.Ngrams;

namespace RnnService.Models.Tests.Ngrams;

public sealed class NgramFileTests : IDisposable
{
    const int V = 300;
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string File => _folder.At("ngrams.bin");

    byte[] Write(int order = 4, int minCount = 1)
    {
        var counts = SomeNgrams.Count(SomeNgrams.RandomText(seed: 1, lines: 60, V), V, new NgramSettings { Order = order, MinCount = minCount });
        NgramFile.Write(counts, File);
        return Packed.Read(File);
    }

    [Theory, InlineData(2, 1), InlineData(4, 1), InlineData(4, 2), InlineData(8, 1)]
    public void Read_WrittenFile_GivesTheSameCounts(int order, int minCount)
    {
        byte[] written = Write(order, minCount);
        var read = NgramFile.Read(File, V);
        NgramFile.Write(read, File);
        Assert.Equal(order, read.Order);
        Assert.Equal(written, Packed.Read(File));
    }

    [Fact]
    public void Read_CutAnywhere_SaysWhere()
    {
        Write(order: 2);
        Packed.AssertCutsAreErrors(File, () => NgramFile.Read(File, V));
    }

    [Fact]
    public void Read_AnyByteChanged_IsAnErrorOrOtherCounts()
    {
        Write(order: 3);
        int errors = Packed.ErrorsOfChanges(File, seed: 4, () => new NgramMixture(NgramFile.Read(File, V), new NgramSettings()).Mix([3, 4, 5], new float[V]));
        Assert.InRange(errors, 300, 999);
    }

    [Theory]
    [InlineData("52 4E 47 32", "byte 4: found other bytes, expected RNG1.")]
    [InlineData("52 4E 47 31 07", "byte 4: found vocabulary size 7, expected 300.")]
    [InlineData("52 4E 47 31 AC 02 09", "byte 6: found tokens of the longest n-gram 9, expected 2 to 8.")]
    [InlineData("52 4E 47 31 AC 02 02 FF FF FF FF 07", "byte 7: found number of n-grams 2147483647, expected 1 to 2.")]
    [InlineData("52 4E 47 31 AC 02 02 FF FF FF FF FF 07", "byte 7: found a number of more than 32 bits, expected number of n-grams.")]
    [InlineData("52 4E 47 31 AC 02 02 01 04 00 00", "byte 9: found count 0, expected 1 to 2147483647.")]
    [InlineData("52 4E 47 31 AC 02 02 01 04 02 01 01 05 03", "byte 13: found count 3, expected 1 to 2.")]
    [InlineData("52 4E 47 31 AC 02 02 01 04 02 01 01 05 02 00", "byte 14: found 1 bytes more, expected the end of the file.")]
    public void Read_BrokenFile_SaysWhatIsWrong(string bytes, string expected)
    {
        Packed.Write(File, Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal($"{File}: {expected}", Assert.Throws<CheckpointException>(() => NgramFile.Read(File, V)).Message);
    }

    [Fact]
    public void Read_NoFile_IsAnError() =>
        Assert.EndsWith("found nothing, expected counted n-grams.", Assert.Throws<CheckpointException>(() => NgramFile.Read(File, V)).Message, StringComparison.Ordinal);
}
