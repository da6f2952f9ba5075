using RnnService.Training.Data;

namespace RnnService.Training.Tests.Data;

public sealed class LengthBatchesTests
{
    static readonly int[] s_lengths = [.. Enumerable.Range(0, 1003).Select(i => i * 37 % 101 + 1)];

    [Fact]
    public void Shuffled_EachSequence_IsInOneBatch()
    {
        var batches = new LengthBatches(s_lengths, 8);
        var epoch = batches.Shuffled(5);
        Assert.Equal(batches.Count, epoch.Count);
        Assert.Equal(Enumerable.Range(0, s_lengths.Length), epoch.SelectMany(batch => batch).Order());
        Assert.All(epoch, batch => Assert.InRange(batch.Length, 1, 8));
    }

    [Fact]
    public void Shuffled_Seed_DecidesTheOrder()
    {
        var batches = new LengthBatches(s_lengths, 8);
        Assert.Equal(batches.Shuffled(5).SelectMany(batch => batch), batches.Shuffled(5).SelectMany(batch => batch));
        Assert.NotEqual(batches.Shuffled(5).SelectMany(batch => batch), batches.Shuffled(6).SelectMany(batch => batch));
    }

    [Fact]
    public void Shuffled_Batches_PadLittle()
    {
        var epoch = new LengthBatches(s_lengths, 8).Shuffled(5);
        int read = epoch.Sum(batch => batch.Length * batch.Max(index => s_lengths[index]));
        Assert.InRange(read, s_lengths.Sum(), s_lengths.Sum() * 1.1);
    }

    [Fact]
    public void Sorted_Batches_RunFromShortToLong() =>
        Assert.Equal(s_lengths.Order(), new LengthBatches(s_lengths, 8).Sorted().SelectMany(batch => batch).Select(index => s_lengths[index]));
}
