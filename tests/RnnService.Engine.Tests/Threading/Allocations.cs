namespace RnnService.Engine.Tests.Threading;

/// <summary>Measures memory; for tests of the collection that runs alone.</summary>
static class Allocations
{
    /// <summary>
    /// Bytes that all threads allocate in ten runs of an action that has run before; the least of several tries, for the test runner
    /// itself allocates now and then.
    /// </summary>
    internal static long Of(Action action)
    {
        action();
        action();
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int round = 0; round < 10; round++)
                action();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }
}
