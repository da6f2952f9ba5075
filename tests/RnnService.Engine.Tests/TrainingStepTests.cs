using RnnService.Engine.Kernels;
using RnnService.Engine.Losses;
using RnnService.Engine.Tests.Support;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Tests;

/// <summary>What holds for whole training steps: they learn, allocate nothing, and do not depend on the number of threads.</summary>
[Collection(Tiers.Collection)]
public sealed class TrainingStepTests
{
    public static TheoryData<string> CellNames => [.. Cells.Names];

    public static MatrixTheoryData<SimdTier, string> TiersCells => new(Enum.GetValues<SimdTier>(), Cells.Names);

    [Theory, MemberData(nameof(TiersCells))]
    public void Train_AnyNumberOfThreads_GivesTheSameBits(SimdTier tier, string cell)
    {
        using var use = SimdTiers.Use(tier);
        (LossSum Loss, float[] Weights) Result(int threads)
        {
            using var count = new ThreadCount(threads);
            var network = new SmallNetwork(cell);
            LossSum loss = default;
            for (int step = 0; step < 3; step++)
                loss += network.Train();
            return (loss, [.. network.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())]);
        }
        var expected = Result(1);
        foreach (int threads in (int[])[2, 3, 16])
        {
            var actual = Result(threads);
            Assert.Equal(expected.Loss, actual.Loss);
            Tolerance.AssertSameBits(expected.Weights, actual.Weights, $"weights on {threads} threads");
        }
    }

    [Theory, MemberData(nameof(CellNames))]
    public void Train_AfterWarmUp_AllocatesNothingOnAnyThread(string cell)
    {
        const int Threads = 3;
        using var count = new ThreadCount(Threads);
        var network = new SmallNetwork(cell);
        for (int step = 0; step < 3; step++)
            network.Train();
        long[] before = new long[Threads], after = new long[Threads], least = new long[Threads];
        Array.Fill(least, long.MaxValue);
        // Several times, because the runtime allocates by itself now and then, when it compiles a method anew.
        for (int run = 0; run < 5; run++)
        {
            var measure = new MeasureJob(before);
            ComputeThreads.Run(ref measure);
            network.Train();
            measure = new MeasureJob(after);
            ComputeThreads.Run(ref measure);
            for (int thread = 0; thread < Threads; thread++)
                least[thread] = Math.Min(least[thread], after[thread] - before[thread]);
        }
        Assert.All(before, bytes => Assert.True(bytes > 0));
        Assert.Equal(new long[Threads], least);
    }

    [Fact]
    public void Train_LearnableText_LowersTheLoss()
    {
        // Four windows over and over, each target a function of its input token: far easier than guessing, whose loss is ln V.
        var network = new SmallNetwork();
        double first = network.Train().Mean, last = 0;
        for (int step = 0; step < 200; step++)
            last = network.Train().Mean;
        Assert.InRange(first, 0.9 * Math.Log(SmallNetwork.VocabularySize), 1.1 * Math.Log(SmallNetwork.VocabularySize));
        Assert.True(last < 0.3 * first, $"{first} fell to {last} only");
    }

    readonly struct MeasureJob(long[] bytes) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            bytes[thread] = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
