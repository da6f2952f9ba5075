using RnnService.Engine.Threading;

namespace RnnService.Models.Tests.LanguageModels;

/// <summary>Another number of compute threads until disposed; for the tests of <see cref="Collection"/>, which never run beside others.</summary>
sealed class ThreadCount : IDisposable
{
    internal const string Collection = "sets the number of compute threads";

    readonly int _before = ComputeThreads.Count;

    internal ThreadCount(int count) => ComputeThreads.Count = count;

    public void Dispose() => ComputeThreads.Count = _before;
}

[CollectionDefinition(ThreadCount.Collection, DisableParallelization = true)]
public sealed class ThreadCountTests;
