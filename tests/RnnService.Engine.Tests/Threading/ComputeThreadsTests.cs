using RnnService.Engine.Tests.Support;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Tests.Threading;

[Collection(Tiers.Collection)]
public sealed class ComputeThreadsTests
{
    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(2, 8, 2)]
    [InlineData(5, 3, 3)]
    [InlineData(16, 16, 16)]
    public void Run_AnyCount_RunsEveryShareOnce(int count, int shares, int expected)
    {
        using var use = ThreadCount.Use(count);
        for (int round = 0; round < 20; round++)
        {
            int[] runs = new int[expected];
            var job = new CountingJob(runs);
            ComputeThreads.Run(ref job, shares);
            Assert.All(runs, run => Assert.Equal(1, run));
        }
    }

    [Fact]
    public void Run_AfterTheWorkersFellAsleep_RunsEveryShare()
    {
        using var use = ThreadCount.Use(3);
        for (int round = 0; round < 3; round++)
        {
            int[] runs = new int[3];
            var job = new CountingJob(runs);
            ComputeThreads.Run(ref job);
            Assert.Equal([1, 1, 1], runs);
            Thread.Sleep(20);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Synchronize_ManySteps_NoThreadRunsAhead(int threads)
    {
        using var use = ThreadCount.Use(threads);
        var job = new SteppingJob(new int[threads], new int[threads], steps: 50);
        ComputeThreads.Run(ref job);
        Assert.All(job.Reached, step => Assert.Equal(50, step));
        Assert.All(job.Early, early => Assert.Equal(0, early));
    }

    [Fact]
    public void Run_InsideAJob_RunsOnTheCallingThreadAlone()
    {
        using var use = ThreadCount.Use(4);
        int[] innerThreads = new int[4];
        var job = new NestingJob(innerThreads);
        ComputeThreads.Run(ref job);
        Assert.Equal([1, 1, 1, 1], innerThreads);
    }

    [Fact]
    public void Run_WhileAnotherCallerHasTheTeam_RunsOnTheCallingThreadAlone()
    {
        using var use = ThreadCount.Use(2);
        using var started = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        int holderThreads = 0;
        var holder = new Thread(() =>
        {
            var job = new HoldingJob(started, release);
            ComputeThreads.Run(ref job);
            holderThreads = 2;
        });
        holder.Start();
        started.Wait(TestContext.Current.CancellationToken);
        int[] runs = new int[1];
        var second = new CountingJob(runs);
        ComputeThreads.Run(ref second);
        Assert.Equal([1], runs);
        release.Set();
        holder.Join();
        Assert.Equal(2, holderThreads);
        Run_AnyCount_RunsEveryShareOnce(2, 2, 2);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 1)]
    [InlineData(7, 16)]
    [InlineData(1000, 7)]
    [InlineData(int.MaxValue, 256)]
    public void Share_AllThreads_CoverTheItemsEvenly(int count, int threads)
    {
        int next = 0;
        for (int thread = 0; thread < threads; thread++)
        {
            var (from, to) = ComputeThreads.Share(count, thread, threads);
            Assert.Equal(next, from);
            Assert.InRange(to - from, count / threads, (int)((count + (long)threads - 1) / threads));
            next = to;
        }
        Assert.Equal(count, next);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(ComputeThreads.MaxCount + 1)]
    public void Count_OutOfRange_ThrowsAndKeepsTheOldOne(int count)
    {
        int before = ComputeThreads.Count;
        Assert.Throws<ArgumentOutOfRangeException>(() => ComputeThreads.Count = count);
        Assert.Equal(before, ComputeThreads.Count);
    }

    /// <summary>Counts its shares; fails with an index out of range when told a thread it was not promised.</summary>
    readonly struct CountingJob(int[] runs) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            if (threads == runs.Length)
                Interlocked.Increment(ref runs[thread]);
        }
    }

    readonly struct SteppingJob(int[] reached, int[] early, int steps) : IParallelJob
    {
        public int[] Reached => reached;

        /// <summary>How often each thread left a meeting before another had come to it.</summary>
        public int[] Early => early;

        public void Execute(int thread, int threads)
        {
            for (int step = 1; step <= steps; step++)
            {
                Volatile.Write(ref reached[thread], step);
                ComputeThreads.Synchronize(threads);
                for (int other = 0; other < threads; other++)
                    early[thread] += Volatile.Read(ref reached[other]) < step ? 1 : 0;
            }
        }
    }

    readonly struct NestingJob(int[] innerThreads) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var inner = new NoteThreadsJob(innerThreads, thread);
            ComputeThreads.Run(ref inner);
        }
    }

    readonly struct NoteThreadsJob(int[] noted, int at) : IParallelJob
    {
        public void Execute(int thread, int threads) => noted[at] += threads;
    }

    readonly struct HoldingJob(ManualResetEventSlim started, ManualResetEventSlim release) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            started.Set();
            release.Wait();
        }
    }
}
