using System.Runtime.CompilerServices;

namespace RnnService.Engine.Threading;

/// <summary>
/// The threads that compute. Recurrent networks synchronise every few tens of microseconds, so workers spin for a moment before they
/// sleep. One caller at a time has the team; another that comes meanwhile does all shares itself, which gives the same bits.
/// </summary>
public static unsafe class ComputeThreads
{
    /// <summary>The environment variable that sets <see cref="Count"/> at start.</summary>
    public const string Variable = "RNN_THREADS";

    /// <summary>The most threads that can be asked for.</summary>
    public const int MaxCount = 256;

    static readonly Lock s_resize = new();
    static Worker[] s_workers = [];
    static int s_count = FromEnvironment(Environment.GetEnvironmentVariable(Variable));
    static int s_busy;
    static int s_arrived;
    static volatile int s_phase;

    /// <summary>Threads a single computation may use, the calling one included. Results are the same bits for every count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">below 1 or above <see cref="MaxCount"/></exception>
    public static int Count
    {
        get => s_count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxCount);
            s_count = value;
        }
    }

    /// <summary>Runs all shares of a job and returns when the last is done.</summary>
    /// <param name="job">lives on the caller's stack until then; arguments are checked before, so that no share throws</param>
    /// <param name="shares">the number of shares worth having; fewer are made where <see cref="Count"/> is smaller</param>
    internal static void Run<TJob>(ref TJob job, int shares = MaxCount)
        where TJob : struct, IParallelJob
    {
        int threads = Math.Min(shares, s_count);
        if (threads <= 1 || Interlocked.CompareExchange(ref s_busy, 1, 0) != 0)
        {
            job.Execute(0, 1);
            return;
        }
        try
        {
            var workers = Workers(threads - 1);
            void* address = Unsafe.AsPointer(ref job);
            for (int index = 0; index < threads - 1; index++)
                workers[index].Start(&Invoke<TJob>, address, index + 1, threads);
            try
            {
                job.Execute(0, threads);
            }
            finally
            {
                // The job lives on this stack: nobody may still be at it when the stack goes.
                for (int index = 0; index < threads - 1; index++)
                    workers[index].WaitUntilDone();
            }
        }
        finally
        {
            Volatile.Write(ref s_busy, 0);
        }
    }

    /// <summary>Inside a job: returns when all its threads have come here.</summary>
    internal static void Synchronize(int threads)
    {
        if (threads == 1)
            return;
        int phase = s_phase;
        if (Interlocked.Increment(ref s_arrived) == threads)
        {
            s_arrived = 0;
            s_phase = phase + 1;
            return;
        }
        var spin = new Spinner();
        while (s_phase == phase)
            spin.Once();
    }

    /// <summary>The part [from, to) of <paramref name="count"/> items that belongs to a thread: sizes differ by one at most.</summary>
    internal static (int From, int To) Share(int count, int thread, int threads) =>
        ((int)((long)count * thread / threads), (int)((long)count * (thread + 1) / threads));

    static void Invoke<TJob>(void* job, int thread, int threads)
        where TJob : struct, IParallelJob => Unsafe.AsRef<TJob>(job).Execute(thread, threads);

    static Worker[] Workers(int count)
    {
        if (s_workers.Length >= count)
            return s_workers;
        lock (s_resize)
        {
            var workers = s_workers.ToList();
            while (workers.Count < count)
                workers.Add(new Worker(workers.Count + 1));
            return s_workers = [.. workers];
        }
    }

    static int FromEnvironment(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return Math.Min(Environment.ProcessorCount, MaxCount);
        return int.TryParse(value, out int count) && count is >= 1 and <= MaxCount
            ? count
            : throw new ArgumentException($"{Variable}: found '{value}', expected a whole number from 1 to {MaxCount}.");
    }
}
