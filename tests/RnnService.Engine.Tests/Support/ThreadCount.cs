using RnnService.Engine.Threading;

namespace RnnService.Engine.Tests.Support;

/// <summary>Another number of compute threads until disposed.</summary>
sealed class ThreadCount : IDisposable
{
    readonly int _before = ComputeThreads.Count;

    internal ThreadCount(int count) => ComputeThreads.Count = count;

    public void Dispose() => ComputeThreads.Count = _before;
}
