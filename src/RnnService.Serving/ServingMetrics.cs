using System.Diagnostics.Metrics;

namespace RnnService.Serving;

/// <summary>What serving counts: tokens computed, requests refused, places taken, models in memory.</summary>
public sealed class ServingMetrics : IDisposable
{
    readonly Counter<long> _tokens;
    readonly Counter<long> _refused;

    /// <param name="gate">its places are shown</param>
    /// <param name="registry">its loaded models are counted</param>
    public ServingMetrics(ComputeGate gate, Registry.ModelRegistry registry)
    {
        _tokens = Meter.CreateCounter<long>("rnn_tokens_total", description: "Tokens, or steps of series, read and generated.");
        _refused = Meter.CreateCounter<long>("rnn_refused_total", description: "Requests refused because all places were taken.");
        Meter.CreateObservableGauge("rnn_requests_running", () => gate.Running, description: "Requests computing now.");
        Meter.CreateObservableGauge("rnn_requests_waiting", () => gate.Waiting, description: "Requests waiting for a place.");
        Meter.CreateObservableGauge("rnn_models_ready", () => registry.ReadyCount, description: "Model versions in memory.");
    }

    /// <summary>The meter of these instruments; each service has its own.</summary>
    public Meter Meter { get; } = new("RnnService.Serving");

    /// <summary>Counts tokens of one request.</summary>
    public void CountTokens(string model, int tokens) => _tokens.Add(tokens, new KeyValuePair<string, object?>("model", model));

    /// <summary>Counts one refused request.</summary>
    public void CountRefused() => _refused.Add(1);

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();
}
