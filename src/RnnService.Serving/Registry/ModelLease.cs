namespace RnnService.Serving.Registry;

/// <summary>The right to use a model until disposed: unloading waits for the last lease.</summary>
public sealed class ModelLease : IDisposable
{
    Action? _release;

    internal ModelLease(LoadedModel model, Action release)
    {
        Model = model;
        _release = release;
    }

    /// <summary>The model.</summary>
    public LoadedModel Model { get; }

    /// <summary>Gives the model back; further calls do nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
