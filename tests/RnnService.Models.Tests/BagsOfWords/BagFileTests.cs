using RnnService.Models.BagsOfWords;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;

namespace RnnService.Models.Tests.BagsOfWords;

public sealed class BagFileTests : IDisposable
{
    const int K = 3;
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string File => _folder.At(ModelFiles.Words);

    byte[] Write(int sourceCount = 1, int minTexts = 1)
    {
        BagFile.Write(SomeBag.Create(K, sourceCount, minTexts), File);
        return Packed.Read(File);
    }

    [Theory, InlineData(1, 1), InlineData(4, 1), InlineData(2, 2), InlineData(1, 9)]
    public void Read_WrittenFile_GivesTheSame(int sourceCount, int minTexts)
    {
        byte[] written = Write(sourceCount, minTexts);
        var read = BagFile.Read(File, K);
        BagFile.Write(read, File);
        Assert.Equal(written, Packed.Read(File));
        var bag = SomeBag.Create(K, sourceCount, minTexts);
        Assert.All(SomeBag.Texts, text => Assert.Equal(bag.Probabilities(text), read.Probabilities(text)));
    }

    [Fact]
    public void Read_CutAnywhere_SaysWhere()
    {
        Write();
        Packed.AssertCutsAreErrors(File, () => BagFile.Read(File, K));
    }

    [Fact]
    public void Read_AnyByteChanged_IsAnErrorOrAnotherClassifier()
    {
        Write(sourceCount: 2);
        int errors = Packed.ErrorsOfChanges(File, seed: 6, () => Assert.All(BagFile.Read(File, K).Probabilities("a good film"), probability => Assert.InRange(probability, 0, 1)));
        Assert.InRange(errors, 200, 999);
    }

    [Theory]
    [InlineData("52 42 57 32", "byte 4: found other bytes, expected RBW1.")]
    [InlineData("52 42 57 31 02 01 00 00 00", "byte 4: found number of classes 2, expected 3 to 5.")]
    [InlineData("52 42 57 31 04 01 00 00 00", "byte 5: found 4 classes, expected a multiple of 3, the model's labels.")]
    [InlineData("52 42 57 31 03 01 09 00 00 00", "byte 6: found number of features 9, expected 0.")]
    [InlineData("52 42 57 31 03 01 01 01 01 61 01 00 00 00 00 00 00", "byte 7: found bytes in common 1, expected 0.")]
    [InlineData("52 42 57 31 03 01 01 00 01 FF 01 00 00 00 00 00 00", "byte 10: found bytes that are not UTF-8, expected a word or a pair of words.")]
    [InlineData("52 42 57 31 03 01 01 00 01 61 02 00 00 00 00 00 00", "byte 10: found texts of a feature 2, expected 1.")]
    [InlineData("52 42 57 31 03 01 01 00 01 61 01 00 00 00 00", "byte 11: found 4 bytes, expected 6 weights.")]
    [InlineData("52 42 57 31 03 01 00 00 00 80", "byte 9: found the end of the file, expected a weight.")]
    [InlineData("52 42 57 31 03 01 00 00 00 00 00", "byte 10: found 1 bytes more, expected the end of the file.")]
    public void Read_BrokenFile_SaysWhatIsWrong(string bytes, string expected)
    {
        Packed.Write(File, Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal($"{File}: {expected}", Assert.Throws<CheckpointException>(() => BagFile.Read(File, K)).Message);
    }

    [Fact]
    public void Read_FeaturesOutOfOrder_IsAnError()
    {
        Packed.Write(File, [.. "RBW1"u8, 3, 1, 2, 0, 1, (byte)'b', 1, 0, 1, (byte)'a', 1, .. new byte[9]]);
        Assert.Contains("found 'a' after 'b', expected features in ordinal order.",
            Assert.Throws<CheckpointException>(() => BagFile.Read(File, K)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NotGzip_IsAnError()
    {
        System.IO.File.WriteAllText(File, "RBW1 and more");
        Assert.EndsWith("found bytes that are not gzip, expected weights of words.",
            Assert.Throws<CheckpointException>(() => BagFile.Read(File, K)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_IsAnError() =>
        Assert.EndsWith("found nothing, expected weights of words.", Assert.Throws<CheckpointException>(() => BagFile.Read(File, K)).Message, StringComparison.Ordinal);
}
