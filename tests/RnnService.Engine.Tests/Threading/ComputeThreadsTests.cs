using RnnService.Engine.Tests.Support;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Tests.Threading;

[Collection(Tiers.Collection)]
public sealed class ComputeThreadsTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 5)]
    [InlineData(100, 1)]
    [InlineData(101, 16)]
    [InlineData(int.MaxValue, 256)]
    public void Share_AllThreads_CoverEveryItemOnceAndEvenly(int items, int threads)
    {
        int next = 0;
        for (int thread = 0; thread < threads; thread++)
        {
            var (from, to) = ComputeThreads.Share(items, thread, threads);
            Assert.Equal(next, from);
            Assert.InRange(to - from, items / threads, items / threads + 1);
            next = to;
        }
        Assert.Equal(items, next);
    }

    [Theory]
    [InlineData(1, 10, 1)]
    [InlineData(3, 10, 3)]
    [InlineData(16, 5, 5)]
    public void Run_EachShare_IsDoneOnceOnItsOwnThread(int count, int shares, int expected)
    {
        using var threads = new ThreadCount(count);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            int[] done = new int[20], threadIds = new int[20];
            var job = new CountJob(done, threadIds);
            ComputeThreads.Run(ref job, shares);
            Assert.Equal(Enumerable.Range(0, 20).Select(thread => thread < expected ? expected : 0), done);
            Assert.Equal(expected, threadIds[..expected].Distinct().Count());
        }
    }

    [Fact]
    public void Synchronize_BetweenPhases_ShowsEveryThreadWhatAllWrote()
    {
        using var threads = new ThreadCount(4);
        int[] written = new int[4], seen = new int[4];
        var job = new PhasesJob(written, seen);
        ComputeThreads.Run(ref job);
        // In each of 100 phases every thread sums what all four wrote in that phase.
        Assert.All(seen, sum => Assert.Equal(4 * Enumerable.Range(1, 100).Sum(), sum));
    }

    [Fact]
    public async Task Run_CallersAtTheSameTime_AllGetTheirWorkDone()
    {
        using var threads = new ThreadCount(3);
        int[] sums = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            int right = 0;
            for (int repetition = 0; repetition < 200; repetition++)
            {
                int[] done = new int[3];
                var job = new ItemsJob(done);
                ComputeThreads.Run(ref job);
                right += done.All(value => value == 1) ? 1 : 0;
            }
            return right;
        })));
        Assert.Equal([200, 200, 200, 200], sums);
    }

    [Fact]
    public void Run_InsideAJob_RunsOnTheCallingThreadAlone()
    {
        using var threads = new ThreadCount(4);
        int[] innerThreads = new int[4];
        var job = new NestingJob(innerThreads);
        ComputeThreads.Run(ref job);
        Assert.Equal([1, 1, 1, 1], innerThreads);
    }

    [Fact]
    public void Run_WhileAnotherCallerHasTheTeam_RunsOnTheCallingThreadAlone()
    {
        using var threads = new ThreadCount(2);
        using var started = new CountdownEvent(2);
        using var release = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            var job = new HoldingJob(started, release);
            ComputeThreads.Run(ref job);
        });
        holder.Start();
        started.Wait(TestContext.Current.CancellationToken);
        int[] noted = new int[1];
        var second = new NoteThreadsJob(noted, 0);
        ComputeThreads.Run(ref second);
        release.Set();
        holder.Join();
        Assert.Equal([1], noted);
    }

    [Fact]
    public void Run_AfterWorkersFellAsleep_WakesThem()
    {
        using var threads = new ThreadCount(3);
        for (int repetition = 0; repetition < 3; repetition++)
        {
            int[] done = new int[3];
            var job = new CountJob(done, new int[3]);
            ComputeThreads.Run(ref job);
            Assert.Equal([3, 3, 3], done);
            Thread.Sleep(30);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(ComputeThreads.MaxCount + 1)]
    public void Count_OutsideItsRange_ThrowsAndStays(int count)
    {
        int before = ComputeThreads.Count;
        Assert.Throws<ArgumentOutOfRangeException>(() => ComputeThreads.Count = count);
        Assert.Equal(before, ComputeThreads.Count);
    }

    readonly struct CountJob(int[] done, int[] threadIds) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            done[thread] += threads;
            threadIds[thread] = Environment.CurrentManagedThreadId;
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

    /// <summary>Adds its number of threads once for each share it runs.</summary>
    readonly struct NoteThreadsJob(int[] noted, int at) : IParallelJob
    {
        public void Execute(int thread, int threads) => noted[at] += threads;
    }

    readonly struct HoldingJob(CountdownEvent started, ManualResetEventSlim release) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            started.Signal();
            release.Wait();
        }
    }

    readonly struct ItemsJob(int[] done) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(done.Length, thread, threads);
            for (int item = from; item < to; item++)
                done[item]++;
        }
    }

    readonly struct PhasesJob(int[] written, int[] seen) : IParallelJob
    {
        public void Execute(int thread, int threads)
        {
            for (int phase = 1; phase <= 100; phase++)
            {
                written[thread] = phase;
                ComputeThreads.Synchronize(threads);
                seen[thread] += written.Sum();
                ComputeThreads.Synchronize(threads);
            }
        }
    }
}
