using RnnService.Models.Packages;
using RnnService.Serving.Registry;

namespace RnnService.Serving.Tests.Support;

/// <summary>A prediction service over a repository in memory, with all that it stands on.</summary>
sealed class ServingHost : IDisposable
{
    readonly ServingMetrics _metrics;

    internal ServingHost(ServingDefaults defaults, int concurrency = 2)
    {
        Gate = new ComputeGate(concurrency, queueLength: 0);
        Registry = new ModelRegistry(Source);
        _metrics = new ServingMetrics(Gate, Registry);
        Predictions = new PredictionService(Registry, Gate, _metrics, defaults);
    }

    internal FakeModelSource Source { get; } = new();

    internal ModelRegistry Registry { get; }

    internal ComputeGate Gate { get; }

    internal PredictionService Predictions { get; }

    /// <summary>Puts a version of a model into the repository; the registry sees it with its next refresh.</summary>
    internal void Add(string name, ModelPackage package, int version = 1)
    {
        Source.Set(name, [version]);
        Source.Models[new(name, version)] = package;
    }

    public void Dispose()
    {
        _metrics.Dispose();
        Gate.Dispose();
        Registry.Dispose();
    }
}
