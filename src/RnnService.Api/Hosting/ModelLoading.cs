using RnnService.Serving;
using RnnService.Serving.Registry;

namespace RnnService.Api.Hosting;

/// <summary>Loads the models while the server starts, then looks for new versions from time to time.</summary>
sealed partial class ModelLoading(ModelRegistry registry, ServingOptions options, TimeProvider time, ILogger<ModelLoading> logger) : BackgroundService
{
    IReadOnlyDictionary<string, string> _aliasErrors = new Dictionary<string, string>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        registry.StateChanged += LogState;
        await RefreshAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.RescanSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RefreshAsync(stoppingToken);
    }

    async Task RefreshAsync(CancellationToken stoppingToken)
    {
        try
        {
            await registry.RefreshAsync(stoppingToken);
            foreach (var (name, error) in registry.AliasErrors.Except(_aliasErrors))
                LogAliasesBroken(name, error);
            _aliasErrors = registry.AliasErrors;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What is in memory goes on serving; the next look may succeed.
            LogRescanFailed(exception);
        }
    }

    void LogState(ModelKey model, ModelState state, string? error)
    {
        if (state == ModelState.Failed)
            LogLoadFailed(model, error);
        else
            LogModelState(model, state);
    }

    [LoggerMessage(LogLevel.Information, "Model {Model} is {State}")]
    partial void LogModelState(ModelKey model, ModelState state);

    [LoggerMessage(LogLevel.Error, "Model {Model} cannot be loaded: {Error}")]
    partial void LogLoadFailed(ModelKey model, string? error);

    [LoggerMessage(LogLevel.Error, "The aliases of model {Name} cannot be read: {Error}")]
    partial void LogAliasesBroken(string name, string error);

    [LoggerMessage(LogLevel.Error, "The model repository cannot be read")]
    partial void LogRescanFailed(Exception exception);
}
