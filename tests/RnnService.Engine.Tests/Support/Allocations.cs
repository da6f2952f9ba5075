namespace RnnService.Tests;

/// <summary>What an action allocates each time it runs.</summary>
static class Allocations
{
    /// <summary>
    /// The least bytes of some runs on this thread: the runtime allocates by itself now and then, when it compiles a method anew; what the
    /// action allocates shows in every run.
    /// </summary>
    internal static long Least(Action action)
    {
        long least = long.MaxValue;
        for (int run = 0; run < 5 && least > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
