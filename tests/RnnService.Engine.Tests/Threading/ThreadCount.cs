using RnnService.Engine.Threading;

namespace RnnService.Engine.Tests.Threading;

/// <summary>Sets the number of compute threads until disposed; for tests of the collection that runs alone.</summary>
static class ThreadCount
{
    internal static IDisposable Use(int count)
    {
        var previous = new Restore(ComputeThreads.Count);
        ComputeThreads.Count = count;
        return previous;
    }

    sealed class Restore(int count) : IDisposable
    {
        public void Dispose() => ComputeThreads.Count = count;
    }
}
