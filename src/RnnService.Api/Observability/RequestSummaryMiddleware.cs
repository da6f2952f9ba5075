using RnnService.Serving.Registry;

namespace RnnService.Api.Observability;

/// <summary>One log line and one measurement for every request, whatever became of it.</summary>
sealed partial class RequestSummaryMiddleware(RequestDelegate next, HttpMetrics metrics, TimeProvider time, ILogger<RequestSummaryMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var summary = new RequestSummary();
        context.Features.Set(summary);
        long begin = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var elapsed = time.GetElapsedTime(begin);
            var request = context.Request;
            // Routes, not paths, label the metrics: callers choose paths and could make any number of them.
            string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "other";
            metrics.Count(request.Method, route, context.Response.StatusCode, elapsed);
            var level = route is "/health/live" or "/health/ready" or "/metrics" ? LogLevel.Debug : LogLevel.Information;
            LogSummary(level, request.Method, request.Path, context.Response.StatusCode, elapsed.TotalMilliseconds, summary.Model, summary.Tokens);
        }
    }

    // A PathString is written as in a URI: a line break in a path must not make a line of the log.
    [LoggerMessage("{Method} {Path} {Status} in {Milliseconds:0.0} ms, model {Model}, tokens {Tokens}")]
    partial void LogSummary(LogLevel level, string method, PathString path, int status, double milliseconds, ModelKey? model, int tokens);
}
