using System.Diagnostics.Metrics;

namespace RnnService.Api.Observability;

/// <summary>Requests by route and status, and how long they took.</summary>
sealed class HttpMetrics : IDisposable
{
    readonly Counter<long> _requests;
    readonly Histogram<double> _seconds;

    public HttpMetrics()
    {
        _requests = Meter.CreateCounter<long>("rnn_http_requests_total", description: "Requests answered.");
        _seconds = Meter.CreateHistogram<double>("rnn_http_request_seconds", "s", "Time from the first byte of a request to the end of its answer.");
    }

    /// <summary>The meter of these instruments; each service has its own.</summary>
    internal Meter Meter { get; } = new("RnnService.Api");

    internal void Count(string method, string route, int status, TimeSpan elapsed)
    {
        // Any text can stand where a method stands; only the known ones become labels.
        string known = HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) ? method : "other";
        _requests.Add(1, new("method", known), new("route", route), new("status", status));
        _seconds.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("route", route));
    }

    public void Dispose() => Meter.Dispose();
}
